using System.Management.Automation;

namespace ClaudeTasks.Pipeline;

/// <summary>A prompt is text. A file or any other object that is piped by mistake must not become one by its name.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PromptTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        (inputData is PSObject wrapper ? wrapper.BaseObject : inputData) as string
            ?? throw new ArgumentTransformationMetadataException(
                $"A prompt must be text, not a {inputData?.GetType().Name ?? "null"}. Give -Prompt, or pipe strings or objects with a Prompt property.");
}
