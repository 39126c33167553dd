using System.Text;
using ClaudeTasks.Model;
using ClaudeTasks.Tests.Support;

namespace ClaudeTasks.Tests;

/// <summary>Text in an encoding of its own is read as well as it can be, and comes back from the raw patch byte for byte.</summary>
public sealed class NotUtf8Tests : IDisposable
{
    private static readonly string Lines = string.Concat(Enumerable.Range(0, 30).Select(i => $"Zeile {i}\n"));

    private readonly TempFolder _folder = new();
    private readonly TestRepository _repository;

    public NotUtf8Tests()
    {
        _repository = new TestRepository(_folder["repository"]);
        Latin1("stays.txt", Lines);
        Latin1("edited.txt", Lines + "Übung\n");
        Latin1("moved.txt", Lines + "Äpfel\nBirnen\n");
        Latin1("source.txt", Lines + "Öl\n");
        Latin1("gone.txt", "Ärger\n");
        Latin1("mode.sh", "é\n");
        _repository.Commit("Files");
    }

    [Fact]
    public async Task The_raw_patch_of_any_change_is_exact_and_the_shown_one_is_text()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes and links.");
        Latin1("edited.txt", Lines + "Übung macht den Meister\n");
        File.Delete(_repository["moved.txt"]);
        Latin1("elsewhere.txt", Lines + "Äpfel\nBirnen\nKürbis\n");
        Latin1("source.txt", Lines + "Öl und Essig\n");
        Latin1("copy.txt", Lines + "Öl\nSüßes\n");
        Latin1("new.txt", "Größe\n");
        Latin1("mode.sh", "è\n");
        UnixMode.Set(_repository["mode.sh"], "755");
        File.Delete(_repository["gone.txt"]);
        File.CreateSymbolicLink(_repository["gone.txt"], "nowhere");
        _repository.Write("utf8.txt", "Größe\n");

        var (result, diff) = await DiffProof.TakeAsync(_repository, _folder, long.MaxValue);

        var raw = DiffProof.Raw(diff);
        Assert.Equal(result, DiffProof.Applied(_repository, _folder["clone"], _repository.Git("rev-parse", "HEAD"), raw));
        Assert.Contains("+Größe\n", raw, StringComparison.Ordinal);
        var edited = diff.Changes.Single(file => file.Change.Path == "edited.txt");
        Assert.Contains("+\ufffdbung macht den Meister\n", Encoding.UTF8.GetString(edited.Patch.Span), StringComparison.Ordinal);
        Assert.Equal((1, 1, false), (edited.Change.Additions, edited.Change.Deletions, edited.Change.IsBinary));
        Assert.Equal(
            [ClaudeTaskChangeKind.Copied, ClaudeTaskChangeKind.Renamed],
            diff.Changes.Where(file => file.Change.OldPath is not null).Select(file => file.Change.Kind).Order().Reverse());
    }

    [Fact]
    public async Task Attributes_that_call_everything_text_do_not_matter()
    {
        _repository.Write(".gitattributes", "* diff text\n");
        _repository.Write(".git/info/attributes", "* diff\n");
        Latin1("edited.txt", "\0" + Lines + "Übung macht den Meister\n");
        Latin1("new.txt", "Größe\n");

        Assert.Equal(
            [".gitattributes", "edited.txt", "new.txt"],
            (await DiffProof.ChangesAsync(_repository, _folder)).Select(change => change.Path));
    }

    [Fact]
    public async Task A_hunk_in_a_text_of_wide_letters_stays_text()
    {
        var wide = string.Concat(Enumerable.Range(0, 30).Select(i => new string('ж', 39 + (i % 3)) + $" {i}\n"));
        _repository.Write("wide.txt", wide);
        _repository.Commit("Wide");
        _repository.Write(
            "wide.txt", wide.Replace(" 20\n", " zwanzig\n", StringComparison.Ordinal).Replace(" 9\n", " neun\n", StringComparison.Ordinal));

        var (_, diff) = await DiffProof.TakeAsync(_repository, _folder, long.MaxValue);

        Assert.Null(Assert.Single(diff.Changes).BinaryPatch);
    }

    public void Dispose() => _folder.Dispose();

    private void Latin1(string name, string text) => _repository.Write(name, Encoding.Latin1.GetBytes(text));
}
