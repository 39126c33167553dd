BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $scenario = New-Scenario $box @{ text = 'Hello.' }
    $quick = @{ AgentArgument = "--scenario=$scenario"; InProcess = $true }
    $repository = New-TestRepository $box
    $a = Start-ClaudeTask 'Say hello' -Repository $repository -Session 'Release 2.0' @quick | Wait-ClaudeTask
    $b = Start-ClaudeTask (Get-Prompt 'Write <b>it</b>' (Get-WriteStep 'new.txt' "<script>alert(1)</script>`n")) -Repository $repository -Session 'Release 2.0' -InProcess |
        Wait-ClaudeTask
    $c = Start-ClaudeTask 'Another session' -Repository (New-TestRepository $box) -Session other @quick | Wait-ClaudeTask
    $out = (New-Item -ItemType Directory "$($box.Folder)/out").FullName
}

AfterAll { Remove-TestBox $box }

Describe 'Export-ClaudeTaskReport' {
    It 'writes a page, Markdown, JSON or JUnit by the extension, and nothing to the pipeline' {
        'html', 'md', 'json', 'xml' | ForEach-Object { Export-ClaudeTaskReport "$out/report.$_" -Session 'Release 2.0' } | Should -BeNullOrEmpty
        Get-Content "$out/report.html" -Raw | Should -Match '^<!DOCTYPE html>'
        Get-Content "$out/report.html" -Raw | Should -Not -Match '<script|<b>it'
        Get-Content "$out/report.md" -Raw | Should -Match '^# <code>Release'
        $json = Get-Content "$out/report.json" -Raw | ConvertFrom-Json
        $json.title | Should -Be 'Release 2.0'
        $json.tasks.task.id | Should -Be $a.Id, $b.Id
        $json.tasks[1].changes[0].patch | Should -Match '(?m)^\+<script>'
        $suite = ([xml](Get-Content "$out/report.xml" -Raw)).testsuites.testsuite
        $suite.name, $suite.tests, $suite.failures | Should -Be 'Release 2.0', '2', '0'
        $suite.testcase[1].name | Should -Be "#$($b.Id) Write <b>it</b>"
    }

    It 'takes -Format for any name' {
        Export-ClaudeTaskReport "$out/summary" -Session 'Release 2.0' -Format Markdown
        Get-Content "$out/summary" -Raw | Should -Match '^# <code>'
    }

    It 'takes tasks by name and from the pipeline, once and in the order of time' {
        Export-ClaudeTaskReport "$out/t.json" -Task $b.Id, $a
        (Get-Content "$out/t.json" -Raw | ConvertFrom-Json).tasks.task.id | Should -Be $a.Id, $b.Id
        $c, $a, $a | Export-ClaudeTaskReport "$out/t.json"
        $json = Get-Content "$out/t.json" -Raw | ConvertFrom-Json
        $json.tasks.task.id | Should -Be $a.Id, $c.Id
        $json.title | Should -Be 'Release 2.0, other'
        Get-ClaudeTaskSession other | Export-ClaudeTaskReport "$out/t.json"
        (Get-Content "$out/t.json" -Raw | ConvertFrom-Json).tasks.task.id | Should -Be $c.Id
    }

    It 'takes sessions by wildcard and repository' {
        Export-ClaudeTaskReport "$out/w.xml" -Session *
        ([xml](Get-Content "$out/w.xml" -Raw)).testsuites.testsuite.name | Should -Be 'Release 2.0', 'other'
        Export-ClaudeTaskReport "$out/w.xml" -Session * -Repository $repository
        ([xml](Get-Content "$out/w.xml" -Raw)).testsuites.testsuite.name | Should -Be 'Release 2.0'
    }

    It 'writes where PowerShell is, and gives the file with -PassThru' {
        Push-Location $out
        try { $file = Export-ClaudeTaskReport here.html -Session other -PassThru } finally { Pop-Location }
        $file | Should -BeOfType IO.FileInfo
        $file.FullName | Should -Be (Get-Item "$out/here.html").FullName
    }

    It 'replaces a file, but not with -NoClobber' {
        Set-Content "$out/x.html" mine
        $failure = Get-OnlyError { Export-ClaudeTaskReport "$out/x.html" -Session other -NoClobber }
        $failure.FullyQualifiedErrorId | Should -Be 'ReportExists,ClaudeTasks.Commands.ExportClaudeTaskReportCommand'
        $failure.CategoryInfo.Category | Should -Be ResourceExists
        Get-Content "$out/x.html" | Should -Be mine
        Export-ClaudeTaskReport "$out/x.html" -Session other
        Get-Content "$out/x.html" -Raw | Should -Match '^<!DOCTYPE'
        Export-ClaudeTaskReport "$out/y.html" -Session other -NoClobber
        "$out/y.html" | Should -Exist
    }

    It 'replaces a read-only file with -Force' {
        Set-Content "$out/r.html" mine
        (Get-Item "$out/r.html").IsReadOnly = $true
        Export-ClaudeTaskReport "$out/r.html" -Session other -Force
        Get-Content "$out/r.html" -Raw | Should -Match '^<!DOCTYPE'
    }

    It 'makes a file that only its user can read, also <what>' -Skip:$IsWindows -TestCases @(
        @{ what = 'under umask 000'; name = 'new.html' }
        @{ what = 'in place of one that others can write'; name = 'old.html'; exists = $true }
    ) {
        param($name, $exists)
        if ($exists) { Set-Content "$out/$name" old; chmod 666 "$out/$name" }
        $script = "Import-Module '$(Get-ModulePath)'; Export-ClaudeTaskReport '$out/$name' -Session other"
        sh -c 'umask 000; exec "$@"' sh (Get-Process -Id $PID).Path -NoProfile -NonInteractive -Command $script
        $LASTEXITCODE | Should -Be 0
        Get-Content "$out/$name" -Raw | Should -Match '^<!DOCTYPE'
        (Get-Item "$out/$name").UnixFileMode | Should -Be 'UserWrite, UserRead'
    }

    It 'follows no link that a repository contains: <what>' -Skip:$IsWindows -TestCases @(
        @{ what = 'in place of the file'; link = 'report.html'; to = '../mine.txt' }
        @{ what = 'a dangling one in place of the file'; link = 'report.html'; to = '../none.txt' }
        @{ what = 'in place of the file, with -Force'; link = 'report.html'; to = '../mine.txt'; more = @{ Force = $true } }
        @{ what = 'in place of the file, with -NoClobber'; link = 'report.html'; to = '../none.txt'; more = @{ NoClobber = $true }; id = 'ReportExists' }
        @{ what = 'in place of its folder'; link = 'reports'; to = '../home' ; path = 'reports/report.html' }
        @{ what = 'in place of a folder above it'; link = 'docs'; to = '..' ; path = 'docs/home/report.html' }
        @{ what = 'behind a link of the user'; link = 'reports'; to = '../home' ; path = 'reports/report.html'; from = 'mine' }
    ) {
        param($link, $to, $path, $from, $more = @{}, $id = 'ReportNotWritten')
        $place = (New-Item -ItemType Directory "$out/$([guid]::NewGuid())").FullName
        [void](New-Item -ItemType Directory "$place/home")
        Set-Content "$place/mine.txt" mine
        $clone = New-TestRepository ([pscustomobject]@{ Folder = $place }) clone
        ln -s $to "$clone/$link"
        git -C $clone add --all
        git -C $clone commit -q -m 'A link'
        if ($from) { ln -s clone "$place/$from" }
        $target = [IO.Path]::Combine($place, $from ?? 'clone', $path ?? $link)
        $failure = Get-OnlyError { Export-ClaudeTaskReport $target -Session other @more }
        $failure.FullyQualifiedErrorId | Should -Be "$id,ClaudeTasks.Commands.ExportClaudeTaskReportCommand"
        if ($id -eq 'ReportNotWritten') {
            $failure.ErrorDetails.Message | Should -Match "$link' is a link"
            $failure.ErrorDetails.RecommendedAction | Should -Match 'no link'
        }
        Get-Content "$place/mine.txt" | Should -Be mine
        "$place/none.txt" | Should -Not -Exist
        Get-ChildItem "$place/home" -Force | Should -BeNullOrEmpty
        git -C $clone status --short | Should -BeNullOrEmpty
    }

    It 'follows a link of the user, outside of any working tree' -Skip:$IsWindows {
        ln -s $out "$($box.Folder)/my-reports"
        Export-ClaudeTaskReport "$($box.Folder)/my-reports/linked.html" -Session other
        Get-Content "$out/linked.html" -Raw | Should -Match '^<!DOCTYPE'
    }

    It 'puts no file in the place of <what>, and leaves nothing behind' -Skip:$IsWindows -TestCases @(
        @{ what = 'a pipe'; path = 'pipe.html' }
        @{ what = 'a device'; path = '/dev/null' }
    ) {
        param($path)
        $folder = (New-Item -ItemType Directory "$out/$([guid]::NewGuid())").FullName
        mkfifo "$folder/pipe.html"
        $target = [IO.Path]::Combine($folder, $path)
        (Get-OnlyError { Export-ClaudeTaskReport $target -Session other -Format Html }).FullyQualifiedErrorId | Should -BeLike ReportNotWritten*
        (Get-Item $target).UnixStat.ItemType | Should -BeIn NamedPipe, CharacterDevice
        (Get-ChildItem $folder -Force).Name | Should -Be pipe.html
    }

    It 'writes nothing with -WhatIf' {
        Export-ClaudeTaskReport "$out/never.html" -Session other -WhatIf
        "$out/never.html" | Should -Not -Exist
    }

    It 'says what is wrong with <what>' -TestCases @(
        @{ what = 'an extension it does not know'; path = 'x.pdf'; id = 'InvalidArgument'; category = 'InvalidArgument'; action = '-Format' }
        @{ what = 'a folder that does not exist'; path = 'nowhere/x.html'; id = 'ReportNotWritten'; category = 'WriteError'; action = 'existing folder' }
        @{ what = 'a folder'; path = 'folder.html'; id = 'ReportNotWritten'; category = 'WriteError'; action = 'existing folder' }
    ) {
        param($path, $id, $category, $action)
        [void](New-Item -ItemType Directory "$out/folder.html" -Force)
        $failure = Get-OnlyError { Export-ClaudeTaskReport "$out/$path" -Session other }
        $failure.FullyQualifiedErrorId | Should -Be "$id,ClaudeTasks.Commands.ExportClaudeTaskReportCommand"
        $failure.CategoryInfo.Category | Should -Be $category
        $failure.TargetObject | Should -Match ([regex]::Escape($path))
        $failure.ErrorDetails.RecommendedAction | Should -Match $action
    }

    It 'writes no file for what does not exist, and the rest where only some of it does not' {
        (Get-OnlyError { Export-ClaudeTaskReport "$out/none.html" -Session nosuch }).FullyQualifiedErrorId | Should -BeLike SessionNotFound*
        (Get-OnlyError { Export-ClaudeTaskReport "$out/none.html" -Session nosuch* }).FullyQualifiedErrorId | Should -BeLike SessionNotFound*
        (Get-OnlyError { 9999 | Export-ClaudeTaskReport "$out/none.html" }).FullyQualifiedErrorId | Should -BeLike TaskNotFound*
        "$out/none.html" | Should -Not -Exist
        (Get-OnlyError { $a.Id, 9999 | Export-ClaudeTaskReport "$out/some.json" }).FullyQualifiedErrorId | Should -BeLike TaskNotFound*
        (Get-Content "$out/some.json" -Raw | ConvertFrom-Json).tasks.task.id | Should -Be $a.Id
    }

    It 'writes an empty report for an empty pipeline' {
        @() | Export-ClaudeTaskReport "$out/empty.xml"
        ([xml](Get-Content "$out/empty.xml" -Raw)).testsuites.tests | Should -Be 0
    }
}
