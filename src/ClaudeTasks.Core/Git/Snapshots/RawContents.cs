using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClaudeTasks.Model;
using ClaudeTasks.Processes;

namespace ClaudeTasks.Git;

/// <summary>
/// The bytes of files that git does not bring back: it keeps what conversion and filters make of a file, and converts again when it writes
/// one, such as to other line ends. Where git keeps other bytes, there is a copy, found by the file's path and the id of what git keeps;
/// where it keeps the same, that is noted. Only the user can read either. Nothing is known of files whose names are not UTF-8.
/// </summary>
/// <param name="root">The root of the working tree.</param>
/// <param name="objectsFolder">The task's own objects.</param>
internal sealed class RawContents(string root, string objectsFolder)
{
    private const int BufferSize = 1 << 17;

    private readonly string _folder = Path.Combine(objectsFolder, "raw");

    /// <summary>The keys of the files whose bytes git keeps, a line each.</summary>
    private string SameFile => Path.Combine(_folder, "same");

    /// <summary>Copies those of the files whose bytes are not what git keeps of them, and notes the others.</summary>
    /// <param name="files">Paths from the root, and what git keeps.</param>
    /// <param name="replaces">Whether the bytes of now take the place of an earlier copy.</param>
    /// <param name="cancellation">Ends the copying.</param>
    /// <exception cref="ClaudeTaskException">A file cannot be read, or a copy cannot be written.</exception>
    public async Task KeepAsync(IEnumerable<(string Path, TreeEntry Entry)> files, bool replaces, CancellationToken cancellation)
    {
        var same = ReadSame();
        var added = new List<string>();
        foreach (var (path, entry) in files.Where(file => file.Entry.IsFile))
        {
            var (file, key) = (Path.Combine(root, path), KeyOf(path, entry));
            if (!IsPlainFile(file) || (!replaces && (same.Contains(key) || File.Exists(CopyOf(key)))))
            {
                continue;
            }

            try
            {
                if (await KeepAsync(file, entry.Id, CopyOf(key), cancellation).ConfigureAwait(false) && same.Add(key))
                {
                    added.Add(key);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new ClaudeTaskException(
                    ClaudeTaskErrorId.GitFailed,
                    $"The content of '{file}' could not be kept: {e.Message}",
                    file,
                    "Check that the disk has room, and that you may read the file.",
                    e);
            }
        }

        if (added.Count > 0)
        {
            PrivateFiles.CreateFolder(_folder);
            var stream = PrivateFiles.Append(SameFile);
            await using (stream.ConfigureAwait(false))
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Concat(added.Select(key => key + '\n'))), cancellation)
                    .ConfigureAwait(false);
            }
        }
    }

    /// <summary>Gives files that git has written the bytes that they had. Links are not followed.</summary>
    /// <param name="git">Reads what git keeps.</param>
    /// <param name="files">Paths from the root, and what git has written there.</param>
    public async Task RestoreAsync(GitCall git, IEnumerable<(string Path, TreeEntry Entry)> files)
    {
        var same = ReadSame();
        foreach (var (path, entry) in files.Where(file => file.Entry.IsFile))
        {
            var (file, key) = (Path.Combine(root, path), KeyOf(path, entry));
            if (!IsPlainFile(file) || RealPath.Resolve(file) != file)
            {
                continue;
            }

            if (File.Exists(CopyOf(key)))
            {
                var copy = new FileStream(CopyOf(key), FileMode.Open, FileAccess.Read);
                await using (copy.ConfigureAwait(false))
                {
                    await WriteAsync(file, copy).ConfigureAwait(false);
                }
            }
            else if (same.Contains(key) && await ReadIdAsync(file, entry.Id.Length, default).ConfigureAwait(false) != entry.Id)
            {
                var blob = await git.RunAsync(["cat-file", "blob", entry.Id]).ConfigureAwait(false);
                await WriteAsync(file, new MemoryStream(blob.Output)).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Returns whether git keeps the file's bytes; copies it otherwise.</summary>
    private async Task<bool> KeepAsync(string file, string id, string copy, CancellationToken cancellation)
    {
        if (await ReadIdAsync(file, id.Length, cancellation).ConfigureAwait(false) == id)
        {
            if (File.Exists(copy))
            {
                File.Delete(copy);
            }

            return true;
        }

        PrivateFiles.CreateFolder(_folder);
        File.Copy(file, copy + ".new", overwrite: true);
        PrivateFiles.Restrict(copy + ".new");
        File.Move(copy + ".new", copy, overwrite: true);
        return false;
    }

    private HashSet<string> ReadSame() => File.Exists(SameFile) ? [.. File.ReadLines(SameFile)] : [];

    private static async Task WriteAsync(string file, Stream content)
    {
        var target = new FileStream(file, FileMode.Truncate, FileAccess.Write);
        await using (target.ConfigureAwait(false))
        {
            await content.CopyToAsync(target).ConfigureAwait(false);
        }
    }

    private static bool IsPlainFile(string file) => new FileInfo(file) is { Exists: true, LinkTarget: null };

    private string CopyOf(string key) => Path.Combine(_folder, key);

    private static string KeyOf(string path, TreeEntry entry) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{entry.Id} {path}")));

    /// <summary>The id that git would give to a file's bytes.</summary>
    private static async Task<string> ReadIdAsync(string file, int length, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(
            length == SHA256.HashSizeInBytes * 2 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0, useAsync: false);
        await using (stream.ConfigureAwait(false))
        {
            hash.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"blob {stream.Length}\0")));
            var buffer = new byte[BufferSize];
            for (int read; (read = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
            {
                hash.AppendData(buffer, 0, read);
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset()).ToLowerInvariant();
    }
}
