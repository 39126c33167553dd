# A task whose user has umask 000, so that everything that relies on the umask is open to everybody.
BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $store = "$($box.Folder)/private"
    $repository = New-TestRepository $box
    [IO.File]::WriteAllText("$repository/run.sh", "#!/bin/sh`necho ran`n")
    if (-not $IsWindows) { chmod 755 "$repository/run.sh" }
    git -C $repository add run.sh
    git -C $repository commit -q -m 'A program'

    # Runs a script as a user with umask 000 does. The last line that it writes is JSON.
    function Invoke-Open([string] $Script) {
        $file = [IO.Path]::Combine($box.Folder, [guid]::NewGuid().ToString('N') + '.ps1')
        Set-Content $file "`$ErrorActionPreference = 'Stop'`nImport-Module '$(Get-ModulePath)'`n`$env:CLAUDETASKS_HOME = '$store'`n$Script"
        $output = sh -c 'umask 000; exec "$@"' sh (Get-Process -Id $PID).Path -NoProfile -NonInteractive -File $file
        $LASTEXITCODE | Should -Be 0
        $output | Select-Object -Last 1 | ConvertFrom-Json
    }

    # What others could open, if the store's folder let them in. Git writes to the scratch folders by the umask.
    function Get-Open([string] $Folder) { find $Folder -perm /077 -not -type l -not -path '*/work/*/*' | Sort-Object }

    function Get-Mode([string] $Path) { stat -c %a $Path }
}

AfterAll { Remove-TestBox $box }

Describe 'Under umask 000' -Skip:$IsWindows {
    It 'makes a worktree that only its user can open, and that works as any other' {
        $gate = "find '$store' -perm /077 -not -type l -not -path '*/work/*/*' -not -path '*/worktrees/*/made*' > '$($box.Folder)/open'; ./run.sh > '$($box.Folder)/ran'"
        $task = Invoke-Open @"
            Register-ClaudeTaskGate look '$($gate.Replace("'", "''"))' -Repository '$repository' | Out-Null
            Invoke-ClaudeTask '$(Get-Prompt 'Work' @((Get-WriteStep made.txt), @{ tool = 'Bash'; input = @{ command = 'chmod +x made.txt' } }))' -Repository '$repository' -Worktree -Quiet -PermissionMode bypassPermissions | Select-Object Id, Worktree, Branch, Status, ReasonText | ConvertTo-Json -Compress -EnumsAsStrings
"@
        $task.Status | Should -Be WaitingApproval -Because $task.ReasonText
        Get-Content "$($box.Folder)/open" | Should -BeNullOrEmpty
        Get-Content "$($box.Folder)/ran" | Should -Be ran
        '', '/README.md', '/run.sh' | ForEach-Object { Get-Mode "$($task.Worktree)$_" } | Should -Be 700, 600, 700
        git -C $task.Worktree status --short | Should -Be '?? made.txt'

        # The branch and the note of the worktree are the repository's, and others may read that.
        Get-Mode "$repository/.git/refs/heads/$($task.Branch)" | Should -Be 666
        $script:worked = $task
    }

    It 'makes it so again when an approval is undone' {
        Invoke-Open "Approve-ClaudeTask $($worked.Id) | Undo-ClaudeTask | Select-Object Status | ConvertTo-Json -Compress -EnumsAsStrings" | Out-Null
        Get-Open "$store/worktrees" | Should -BeNullOrEmpty
        '', '/README.md', '/run.sh', '/made.txt' | ForEach-Object { Get-Mode "$($worked.Worktree)$_" } | Should -Be 700, 600, 700, 700
        git -C $worked.Worktree status --short | Should -Be '?? made.txt'
        Invoke-Open "Deny-ClaudeTask $($worked.Id) | Select-Object Status | ConvertTo-Json -Compress -EnumsAsStrings" | Out-Null
    }

    It 'keeps what a task, an approval and an undo record for their user alone' {
        Set-Content "$repository/mine.txt" mine
        git -C $repository add mine.txt
        Set-Content "$repository/more.txt" more
        $many = 1..150 | ForEach-Object { Get-WriteStep "many/$_.txt" "$_`n" }
        $task = Invoke-Open @"
            `$task = Invoke-ClaudeTask '$(Get-Prompt 'Work' (@($many) + (Get-WriteStep mine.txt)))' -Repository '$repository' -NoGate -AllowDirty -Quiet
            `$task | Approve-ClaudeTask -Path many/* | Out-Null
            `$task | Undo-ClaudeTask | Select-Object Id, Status, ReasonText | ConvertTo-Json -Compress -EnumsAsStrings
"@
        $task.Status | Should -Be WaitingApproval -Because $task.ReasonText
        (Get-ChildItem "$store/objects" -Recurse -File).Count | Should -BeGreaterThan 1
        Get-Open $store | Should -BeNullOrEmpty
        Invoke-Open "Deny-ClaudeTask $($task.Id) | Select-Object Status | ConvertTo-Json -Compress -EnumsAsStrings" | Out-Null

        # The user's own files have the rights of any new file of the user's.
        Get-Mode "$repository/mine.txt" | Should -Not -Be 600
    }

    It 'leaves a worktree in a folder of the user''s to the umask' {
        $task = Invoke-Open @"
            Invoke-ClaudeTask '$(Get-Prompt 'Work' (Get-WriteStep made.txt))' -Repository '$repository' -Worktree -WorktreeFolder '$($box.Folder)/trees' -NoGate -Quiet | Select-Object Id, Worktree | ConvertTo-Json -Compress -EnumsAsStrings
"@
        '/README.md', '/run.sh' | ForEach-Object { Get-Mode "$($task.Worktree)$_" } | Should -Be 666, 777
        Invoke-Open "Deny-ClaudeTask $($task.Id) | Select-Object Status | ConvertTo-Json -Compress -EnumsAsStrings" | Out-Null
    }

    It 'closes a folder of worktrees that an older version made' {
        chmod 777 "$store/worktrees"
        Invoke-Open "Get-ClaudeTask | Out-Null; '{}'" | Out-Null
        Get-Mode "$store/worktrees" | Should -Be 700
    }
}
