using System.Text;

namespace ClaudeTasks.Tests.Support;

/// <summary>
/// A repository with random files, settings out of the ordinary, and random work of an agent's shell and of its user on them. The same seed
/// makes the same.
/// </summary>
internal sealed class RandomRepository(TestRepository repository, Random random, string outside)
{
    private static readonly string[] AllNames =
    [
        "a.txt", "dir/b.txt", "dir/deep/c.txt", "sp ace.txt", "quo\"te.txt",
        "ünï.txt", "new\nline.txt", "-rf", "bin.dat", "tool.sh", "[x].txt", "dir/link"
    ];

    private readonly string[] _names = [.. AllNames.OrderBy(_ => random.Next())];
    private readonly bool _hasFixedLineEnds = random.Next(5) == 0;
    private readonly bool _hasSubmodule = random.Next(6) == 0;
    private readonly bool _isSparse = random.Next(4) == 0;
    private readonly bool _stages = random.Next(4) == 0;
    private readonly string _format = random.Next(5) == 0 ? "sha256" : "sha1";

    private string LineEnd => _hasFixedLineEnds || random.Next(4) == 0 ? "\r\n" : "\n";

    /// <summary>Commits the base, and leaves the tree clean.</summary>
    public void Make()
    {
        if (_format != "sha1")
        {
            Shell($"rm -rf .git; git init --quiet --initial-branch=main --object-format={_format}", when: true);
            repository.Configure();
            repository.Commit("First");
        }

        if (_hasFixedLineEnds && random.Next(2) == 0)
        {
            repository.Git("config", "core.autocrlf", "true");
        }
        else if (_hasFixedLineEnds)
        {
            repository.Write(".gitattributes", "* text=auto eol=crlf\n.gitattributes -text\nreadme.md -text\n");
        }

        if (random.Next(5) == 0)
        {
            repository.Git("config", "filter.pointer.clean", "LC_ALL=C sed s/^/pointer:/");
            repository.Git("config", "filter.pointer.smudge", "LC_ALL=C sed s/^pointer://");
            repository.Git("config", "filter.pointer.required", "true");
            repository.Write(".git/info/attributes", "*.sh filter=pointer\nc.txt filter=pointer\n");
        }

        foreach (var name in _names.Where(_ => random.Next(3) > 0))
        {
            Put(name);
        }

        Shell("printf 'x\\r\\n' > \"$(printf 'bad\\377')\"; [ ! -f tool.sh ] || chmod +x tool.sh", when: random.Next(3) == 0);
        Shell(
            $"""
            git init -q --object-format={_format} '{outside}/library'; cd '{outside}/library'
            git config user.name T; git config user.email t@t
            echo one > f; git add f; git commit -qm one
            cd '{repository.Root}'; git -c protocol.file.allow=always submodule --quiet add '{outside}/library' sub
            cd sub; git config user.name T; git config user.email t@t
            """,
            when: _hasSubmodule);
        repository.Commit("Base");
        Shell(random.Next(3) switch
        {
            0 => "git sparse-checkout set --cone dir/deep",
            1 => "git sparse-checkout set --cone --sparse-index nothing",
            _ => "git sparse-checkout set --no-cone '/*' '!deep/' '!bin.dat'",
        }, when: _isSparse);
    }

    /// <summary>A script that does things to most of the files.</summary>
    public string Work()
    {
        var lines = _names[3..].Where(_ => random.Next(2) == 0).Select(Work).ToList();
        void Sometimes(int oneOf, string line) =>
            lines.InsertRange(random.Next(lines.Count + 1), random.Next(oneOf) == 0 ? [line + "\n"] : []);
        Sometimes(4, "printf 'y\\r\\n' >> \"$(printf 'bad\\377')\"; printf 'z' > \"$(printf 'bad\\376')\"");
        Sometimes(6, "[ -f \"$(printf 'bad\\377')\" ] && mv \"$(printf 'bad\\377')\" \"$(printf 'worse\\377')\"");
        Sometimes(6, ": > empty");
        Sometimes(6, "printf '\\344\\366\\374' > latin1");
        Sometimes(_hasSubmodule ? 2 : int.MaxValue, "(cd sub && echo two > f && git commit -qam two)");
        Sometimes(_stages ? 1 : int.MaxValue, "git add -A");
        Sometimes(_stages ? 2 : int.MaxValue, "git add -A -N");
        return string.Concat(lines);
    }

    /// <summary>Staged, unstaged, both, and untracked work of the user's on files that the task does not know.</summary>
    public void EditByUser(IReadOnlySet<string> touched)
    {
        foreach (var name in _names[..3].Where(name => !touched.Contains(name) && !name.EndsWith("link", StringComparison.Ordinal)))
        {
            var kind = random.Next(5);
            if (kind > 0)
            {
                repository.Write(name, Content(name));
            }

            if (kind >= 2)
            {
                repository.Git("add", "--sparse", "--", "./" + name);
            }

            if (kind == 4)
            {
                repository.Write(name, Content(name));
            }
        }
    }

    private void Put(string name)
    {
        if (name.EndsWith("link", StringComparison.Ordinal))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(repository[name])!);
            File.CreateSymbolicLink(repository[name], "../a.txt");
            return;
        }

        repository.Write(name, Content(name));
    }

    private byte[] Content(string name)
    {
        if (name.EndsWith(".dat", StringComparison.Ordinal))
        {
            // Without the first byte git could take it for text.
            var bytes = new byte[random.Next(5000)];
            random.NextBytes(bytes);
            return [0, .. bytes];
        }

        var end = LineEnd;
        return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, random.Next(30)).Select(i => $"line {i} {random.Next(5)}{end}")));
    }

    /// <summary>One thing that an agent's shell can do to a file.</summary>
    private string Work(string name)
    {
        var path = "'./" + name + "'";
        var end = _hasFixedLineEnds && random.Next(3) > 0 ? "\\r\\n" : "\\n";
        return random.Next(10) switch
        {
            0 => $"rm -f {path}\n",
            1 => $"mkdir -p \"$(dirname {path})\"; printf 'fresh {random.Next()}{end}' > {path}\n",
            2 => $"mkdir -p \"$(dirname {path})\"; printf '\\000\\001{random.Next(99)}' > {path}\n",
            3 => $"[ -f {path} ] && [ ! -L {path} ] && chmod +x {path}\n",
            4 => $"[ -f {path} ] && mkdir -p moved && mv {path} 'moved/{random.Next(99)}.txt'\n",
            5 => $"rm -rf {path}; mkdir -p {path}; printf 'inside{end}' > {path}/inner.txt\n",
            6 => $"rm -rf {path}; mkdir -p \"$(dirname {path})\"; ln -s nowhere {path}\n",
            7 => $"[ -f {path} ] && mv {path} \"$(printf %s {path} | tr a-z A-Z)\"\n",
            8 => $"[ -f {path} ] && cp {path} 'copy {random.Next(99)}.txt' && printf 'more{end}' >> {path}\n",
            _ => $"mkdir -p \"$(dirname {path})\"; printf 'more{end}' >> {path}\n",
        };
    }

    private void Shell(string script, bool when)
    {
        if (when)
        {
            var done = TestRepository.Run("/bin/sh", repository.Root, Encoding.UTF8, "-ec", script);
            Assert.True(done.ExitCode == 0, done.Error);
        }
    }
}
