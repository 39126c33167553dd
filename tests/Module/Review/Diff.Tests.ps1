BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $repository = New-TestRepository $box
    foreach ($file in 'old.txt', 'gone.txt', 'src/api.cs', 'run.sh') {
        [void][IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName("$repository/$file"))
        [IO.File]::WriteAllText("$repository/$file", "$file`n" + (1..10 -join "`n") + "`n")
    }
    git -C $repository add .
    git -C $repository commit -q -m More
    $image = [Convert]::ToBase64String([byte[]](0..255))
    $steps = (Get-WriteStep notes/new.md "one`ntwo`n"), (Get-WriteStep 'odd [name] ü.txt'), @{ move = @{ from = 'old.txt'; to = 'moved.txt' } },
        @{ tool = 'Delete'; input = @{ file_path = 'gone.txt' } }, @{ touchMode = @{ path = 'run.sh'; executable = $true } },
        @{ tool = 'Edit'; input = @{ file_path = 'src/api.cs'; old_string = "3`n"; new_string = "three`n" } },
        @{ spawn = @{ command = "printf '\000\001\002' > image.bin"; wait = $true } }
    $task = Start-ClaudeTask (Get-Prompt 'Change much' $steps) -Repository $repository -InProcess | Wait-ClaudeTask
    $changes = $task | Get-ClaudeTaskDiff
    $by = $changes | Group-Object Path -AsHashTable -AsString

    function New-Clone {
        $clone = "$($box.Folder)/" + [guid]::NewGuid().ToString('N')
        git clone -q $repository $clone
        $clone
    }
}

AfterAll { Remove-TestBox $box }

Describe 'Get-ClaudeTaskDiff' {
    It 'tells of every changed file what happened to it' {
        $changes.Count | Should -Be 7
        $task.FilesChanged | Should -Be 7
        "$($by['notes/new.md'].Kind)" | Should -Be Added
        "$($by['odd [name] ü.txt'].Kind)" | Should -Be Added
        "$($by['gone.txt'].Kind)" | Should -Be Deleted
        "$($by['src/api.cs'].Kind)" | Should -Be Modified
        "$($by['run.sh'].Kind)" | Should -Be ModeChanged
        "$($by['moved.txt'].Kind)" | Should -Be Renamed
        $by['moved.txt'].OldPath | Should -Be old.txt
        $by['run.sh'].OldMode, $by['run.sh'].NewMode | Should -Be 100644, 100755
        $by['image.bin'].IsBinary | Should -BeTrue
        $by['image.bin'].Additions | Should -BeNullOrEmpty
        $by['notes/new.md'].Additions, $by['notes/new.md'].Deletions | Should -Be 2, 0
        $by['src/api.cs'].Additions, $by['src/api.cs'].Deletions | Should -Be 1, 1
        $changes.Task | Select-Object -Unique | Should -Be $task.Id
    }

    It 'finds files by wildcard, a renamed one by its old name too' {
        ($task | Get-ClaudeTaskDiff -Path *.md).Path | Should -Be notes/new.md
        ($task | Get-ClaudeTaskDiff -Path src/*, GONE.txt).Path | Should -Be gone.txt, src/api.cs
        ($task | Get-ClaudeTaskDiff -Path old.*).Path | Should -Be moved.txt
        ($task | Get-ClaudeTaskDiff -Path 'odd `[name`]*').Path | Should -Be 'odd [name] ü.txt'
        $task | Get-ClaudeTaskDiff -Path nothing* | Should -BeNullOrEmpty
    }

    It 'gives a raw patch that git applies, with every kind of change' {
        $clone = New-Clone
        $task | Get-ClaudeTaskDiff -Raw | git -C $clone apply
        $LASTEXITCODE | Should -Be 0
        # The same tree, ignoring nothing: what git would commit of both.
        $trees = foreach ($folder in $repository, $clone) { git -C $folder add -A; git -C $folder write-tree }
        $trees[0] | Should -Be $trees[1]
        git -C $repository reset -q
    }

    It 'gives a raw patch of the chosen files alone' {
        $clone = New-Clone
        $task | Get-ClaudeTaskDiff -Raw -Path *.md | git -C $clone apply
        git -C $clone status --porcelain --untracked-files=all | Should -Be '?? notes/new.md'
    }

    It 'gives a patch for each file in the object' {
        $clone = New-Clone
        $by['src/api.cs'].Patch | git -C $clone apply
        git -C $clone status --porcelain | Should -Be ' M src/api.cs'
    }

    It 'shows one line a file with -Stat, with the same data' {
        $stat = $task | Get-ClaudeTaskDiff -Stat
        $stat.Path | Should -Be $changes.Path
        $lines = ($task | Get-ClaudeTaskDiff -Stat -Path *.md, image.bin | Out-String).Trim() -split '\r?\n'
        $lines.Count | Should -Be 2
        $lines -join '|' | Should -Match 'binary'
        $lines -join '|' | Should -Match 'notes/new\.md .*\+2 -0'
    }

    It 'has -Stat change nothing of how the same files are shown afterwards' {
        $task | Get-ClaudeTaskDiff -Stat | Out-Null
        ($task | Get-ClaudeTaskDiff -Path *.md | Out-String) | Should -Match '\+one'
    }

    It 'stays readable when the repository has moved on, and when it is gone' {
        $gone = New-TestRepository $box
        $other = Start-ClaudeTask (Get-Prompt 'Write' (Get-WriteStep a.txt)) -Repository $gone -InProcess | Wait-ClaudeTask
        Remove-Item -LiteralPath $gone -Recurse -Force
        ($other | Get-ClaudeTaskDiff).Path | Should -Be a.txt
        $other | Get-ClaudeTaskDiff -Raw | Should -Match '\+new'
        $other | Stop-ClaudeTask
    }

    It 'gives a raw patch of text in any encoding, which a file in UTF-8 keeps' {
        $other = New-TestRepository $box
        $step = @{ spawn = @{ command = "printf 'Gr\366\337e\n' > latin1.txt"; wait = $true } }
        $odd = Start-ClaudeTask (Get-Prompt 'Write' $step) -Repository $other -InProcess | Wait-ClaudeTask
        $odd | Get-ClaudeTaskDiff -Raw -Path *.txt | Set-Content "$($box.Folder)/odd.patch" -Encoding utf8NoBOM
        git -C $other stash -q -u
        git -C $other apply "$($box.Folder)/odd.patch"
        [IO.File]::ReadAllBytes("$other/latin1.txt") | Should -Be 0x47, 0x72, 0xf6, 0xdf, 0x65, 0x0a
        ($odd | Get-ClaudeTaskDiff | Out-String) | Should -Match "\+Gr\ufffd\ufffde"
        $odd | Stop-ClaudeTask
    }

    It 'shows hash and sizes of a file over the limit' {
        $step = @{ spawn = @{ command = 'truncate -s 104857601 large.bin'; wait = $true } }
        $large = Start-ClaudeTask (Get-Prompt 'Write' $step) -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask
        $change = $large | Get-ClaudeTaskDiff
        $change.IsOverLimit, $change.NewSize, $change.OldSize | Should -Be $true, 104857601, $null
        ($change | Out-String) | Should -Match "over limit\s+# large.bin: over the limit .* After: 104,857,601 bytes, $($change.NewHash)"
        ($large | Get-ClaudeTaskDiff -Stat | Out-String) | Should -Match 'large.bin\s+over limit'
        $large | Stop-ClaudeTask
    }

    It 'writes nothing for a task that changed nothing' {
        $none = Start-ClaudeTask (Get-Prompt 'Nothing' @{ text = 'Hi.' }) -Repository (New-TestRepository $box) -InProcess | Wait-ClaudeTask
        $none | Get-ClaudeTaskDiff | Should -BeNullOrEmpty
        $none | Get-ClaudeTaskDiff -Raw | Should -BeNullOrEmpty
    }

    It 'says that there is no diff yet, and how to wait for it' {
        $running = Start-ClaudeTask (Get-Prompt 'Never end' @{ hang = 1 }) -Repository (New-TestRepository $box) -InProcess
        $failure = Get-OnlyError { $running | Get-ClaudeTaskDiff }
        $failure.FullyQualifiedErrorId | Should -Be 'DiffNotAvailable,ClaudeTasks.Commands.GetClaudeTaskDiffCommand'
        $failure.CategoryInfo.Category | Should -Be InvalidOperation
        "$($failure.TargetObject)" | Should -Be $running.Id
        $failure.ErrorDetails.RecommendedAction | Should -Match "Wait-ClaudeTask $($running.Id)"
        $running | Stop-ClaudeTask
    }
}
