namespace ClaudeTasks.Tests.Support;

/// <summary>Every kind of change, and every setting of a repository that makes a change out of the ordinary.</summary>
internal static class KindCases
{
    private const string Filter = """
        git config filter.pointer.clean 'sed s/^/pointer:/'
        git config filter.pointer.smudge 'sed s/^pointer://'
        git config filter.pointer.required true
        printf '*.big filter=pointer\n' > .gitattributes
        """;

    private const string Submodule = """
        git init -q "$1/library"
        (cd "$1/library" && git config user.name T && git config user.email t@t && echo one > f && git add f && git commit -qm one)
        git -c protocol.file.allow=always submodule --quiet add "$1/library" sub
        (cd sub && git config user.name T && git config user.email t@t)
        """;

    private const string Sparse = "mkdir -p in/deep out; echo a > in/a; echo d > in/deep/d; echo b > out/b; echo c > out/c";

    public static IReadOnlyList<KindCase> All { get; } =
    [
        new("added", "", "mkdir -p d; echo x > d/new", "Added d/new"),
        new("modified", "seq 9 > f", "seq 10 > f", "Modified f"),
        new("deleted", "echo x > d; echo y > e", "rm d", "Deleted d"),
        new("renamed", "seq 30 > old", "mv old new; echo more >> new", "Renamed old → new"),
        new("copied", "seq 30 > old", "cp old new; echo more >> old", "Modified old", "Copied old → new"),
        new("mode", "echo x > tool", "chmod +x tool", "ModeChanged tool"),
        new("mode and content", "echo x > tool", "echo y > tool; chmod +x tool", "Modified tool"),
        new("link", "ln -s a l", "ln -sfn b l; ln -s nowhere m", "Modified l", "Added m"),
        new("file to link", "echo x > f", "ln -sf nowhere f", "TypeChanged f"),
        new("link to file", "ln -s nowhere f", "rm f; echo x > f", "TypeChanged f"),
        new("binary", "printf '\\000\\001' > b", "printf '\\000\\002\\377' > b; printf '\\000' > c", "Modified b", "Added c"),
        new("empty file", "printf '' > e; echo x > f", "rm e; printf '' > f; printf '' > g", "Deleted e", "Modified f", "Added g"),
        new("file to folder", "echo x > f", "rm f; mkdir f; echo y > f/g", "Deleted f", "Added f/g"),
        new("folder to file", "mkdir f; echo x > f/g; echo z > f/h", "rm -r f; echo y > f", "Added f", "Deleted f/g", "Deleted f/h"),
        new("names", "",
            "echo a > ' s p '; echo b > 'q\"u'; echo c > \"$(printf 'n\\nl')\"; echo d > -rf; "
                + "echo e > \"$(printf 'a\\377')\"; echo f > \"$(printf 'a\\376')\"",
            "Added  s p ", "Added -rf", "Added \"a\\376\"", "Added \"a\\377\"", "Added n\nl", "Added q\"u"),
        new("bytes in names", "seq 30 > \"$(printf 'a\\377')\"",
            "mv \"$(printf 'a\\377')\" \"$(printf 'b\\377')\"", "Renamed \"a\\377\" → \"b\\377\""),
        new("case only", "seq 30 > name", "mv name Name", "Renamed name → Name"),
        new("case only where case is ignored", "git config core.ignorecase true; seq 30 > name", "mv name Name", "Renamed name → Name"),
        new("autocrlf", "git config core.autocrlf true; printf 'a\\r\\nb\\r\\n' > f",
            "printf 'a\\r\\nc\\r\\n' > f; printf 'n\\r\\n' > new", "Modified f", "Added new"),
        new("eol attribute", "printf '*.bat text eol=crlf\\n' > .gitattributes; printf 'a\\r\\n' > f.bat",
            "printf 'b\\r\\n' > f.bat; rm -f readme.md", "Modified f.bat", "Deleted readme.md"),
        new("filter", Filter + "\necho one > f.big", "echo two > f.big; echo new > g.big", "Modified f.big", "Added g.big"),
        new("filter is added", "git config filter.pointer.clean 'sed s/^/pointer:/'; git config filter.pointer.smudge 'sed s/^pointer://'",
            "printf '*.big filter=pointer\\n' > .gitattributes; echo new > g.big", "Added .gitattributes", "Added g.big"),
        new("submodule", Submodule, "cd sub; echo two > f; git commit -qam two", "Modified sub"),
        new("nested repository without commit", "", "git init -q inner; echo y > y", "Added y"),
        new("before the first commit", "", "echo x > f; mkdir d; echo y > d/g", "Added d/g", "Added f") { IsUnborn = true },
        new("intended", "", "echo x > f; git add -N f", "Added f"),
        new("staged", "echo a > f; echo b > g; seq 30 > h; echo k > k",
            "echo x > f; echo n > n; git add f n; git rm -q g; git mv h i; echo later >> n; echo kk > k",
            "Modified f", "Deleted g", "Renamed h → i", "Modified k", "Added n"),
        new("assumed unchanged", "echo a > held; echo b > f", "echo y >> f", "Modified f")
        { Then = "git update-index --assume-unchanged held; echo mine >> held" },
        new("sparse, in the cone", Sparse,
            "echo x > in/a; echo n > in/n; rm -r in/deep", "Modified in/a", "Deleted in/deep/d", "Added in/n")
        { Then = "git sparse-checkout set --cone in" },
        new("sparse, outside the cone", Sparse,
            "mkdir -p out; echo x > out/b; echo n > out/n; echo y > in/a", "Modified in/a", "Modified out/b", "Added out/n")
        { Then = "git sparse-checkout set --cone in" },
        new("sparse index", Sparse,
            "echo x > in/a; mkdir -p out; echo x > out/b; echo n > out/n", "Modified in/a", "Modified out/b", "Added out/n")
        { Then = "git sparse-checkout set --cone --sparse-index in" },
        new("sparse by pattern", Sparse,
            "echo x > in/a; echo n > out/n; echo b > in/b", "Modified in/a", "Added in/b", "Added out/n")
        { Then = "git sparse-checkout set --no-cone '/*' '!b'" },
    ];
}
