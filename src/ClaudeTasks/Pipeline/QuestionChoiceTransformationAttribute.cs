using System.Management.Automation;
using ClaudeTasks.Model;
using ClaudeTasks.Text;

namespace ClaudeTasks.Pipeline;

/// <summary>Takes <c>Ask</c>, <c>Deny</c>, <c>Allow</c>, or a script block.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class QuestionChoiceTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        var value = inputData is PSObject wrapper ? wrapper.BaseObject : inputData;
        return value switch
        {
            QuestionChoice choice => choice,
            ScriptBlock code => new QuestionChoice(QuestionPolicy.Script, code.ToString()),
            _ when LanguagePrimitives.TryConvertTo<QuestionPolicy>(value, out var policy)
                && policy is QuestionPolicy.Ask or QuestionPolicy.Deny or QuestionPolicy.Allow =>
                new QuestionChoice(policy),
            _ => throw new ArgumentTransformationMetadataException(
                $"'{TerminalText.OneLine(value?.ToString(), 60)}' is none of Ask, Deny and Allow, and no script block."),
        };
    }
}
