// A host with somebody who gives the answers that were planned, at the question they are for, and that remembers what it was to show:
// what stays on the screen (Shown), and what is verbose or progress (Told).
using System; using System.Collections.Generic; using System.Collections.ObjectModel; using System.Globalization;
using System.Management.Automation; using System.Management.Automation.Host; using System.Security; using System.Text;
public sealed class ScriptedUi : PSHostUserInterface {
    public readonly StringBuilder Shown = new StringBuilder();
    public readonly Queue<Func<string>> Answers = new Queue<Func<string>>();
    public readonly StringBuilder Told = new StringBuilder();
    public readonly List<string> Choices = new List<string>();
    public override PSHostRawUserInterface RawUI { get { return null; } }
    public override string ReadLine() { string line = Answers.Dequeue()(); Shown.AppendLine(line); return line; }
    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) {
        Shown.AppendLine(caption).AppendLine(message);
        Choices.Clear(); foreach (var choice in choices) Choices.Add(choice.Label.Replace("&", ""));
        string answer = Answers.Dequeue()(); return answer == "" ? defaultChoice : Choices.IndexOf(answer);
    }
    public override void Write(string value) { Shown.Append(value); }
    public override void Write(ConsoleColor foreground, ConsoleColor background, string value) { Shown.Append(value); }
    public override void WriteLine(string value) { Shown.AppendLine(value); }
    public override void WriteErrorLine(string value) { Shown.AppendLine("ERROR " + value); }
    public override void WriteWarningLine(string message) { Shown.AppendLine("WARNING " + message); }
    public override void WriteDebugLine(string message) { Told.AppendLine(message); }
    public override void WriteVerboseLine(string message) { Told.AppendLine(message); }
    public override void WriteProgress(long sourceId, ProgressRecord record) {
        Told.AppendLine(record.Activity).AppendLine(record.StatusDescription).AppendLine(record.CurrentOperation);
    }
    public override Dictionary<string, PSObject> Prompt(string c, string m, Collection<FieldDescription> d) {
        throw new NotImplementedException();
    }
    public override PSCredential PromptForCredential(string c, string m, string u, string t) { throw new NotImplementedException(); }
    public override PSCredential PromptForCredential(
        string c, string m, string u, string t, PSCredentialTypes a, PSCredentialUIOptions o) {
        throw new NotImplementedException();
    }
    public override SecureString ReadLineAsSecureString() { throw new NotImplementedException(); }
}
public sealed class ScriptedHost : PSHost {
    private readonly Guid _id = Guid.NewGuid();
    public readonly ScriptedUi Scripted = new ScriptedUi();
    public override CultureInfo CurrentCulture { get { return CultureInfo.InvariantCulture; } }
    public override CultureInfo CurrentUICulture { get { return CultureInfo.InvariantCulture; } }
    public override Guid InstanceId { get { return _id; } }
    public override string Name { get { return "Scripted"; } }
    public override Version Version { get { return new Version(1, 0); } }
    public override PSHostUserInterface UI { get { return Scripted; } }
    public override void EnterNestedPrompt() {}
    public override void ExitNestedPrompt() {}
    public override void NotifyBeginApplication() {}
    public override void NotifyEndApplication() {}
    public override void SetShouldExit(int exitCode) {}
    public void Plan(string answer) { Scripted.Answers.Enqueue(() => answer); }
    public void PlanAfter(string file, string answer) { Scripted.Answers.Enqueue(() => {
        System.IO.File.WriteAllText(file + ".asked", "");
        while (!System.IO.File.Exists(file)) System.Threading.Thread.Sleep(20);
        return answer; }); }
}
