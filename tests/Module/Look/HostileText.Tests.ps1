# What comes from outside, in all that carries it, on every way to a person: a table of payloads and surfaces, each cell a check. A surface is
# rendered once, with all payloads in it; nothing strips colours on the way, so that what is seen here is what a terminal would get.
BeforeDiscovery {
    $everywhere = 'Prompt', 'Text', 'Thinking', 'Stderr', 'Unknown', 'Tool', 'Content', 'Ask', 'Denied', 'Result', 'Gate', 'Session', 'Reason', 'Template', 'Named', 'None'
    $payloads = @(
        @{ name = 'colours'; raw = "`e[35;45mX`e[0m"; shown = '␛[35;45mX␛[0m' }
        @{ name = 'cursor'; raw = "`e[3A`e[1;1HX"; shown = '␛[3A␛[1;1HX' }
        @{ name = 'clear'; raw = "`e[2J`e[3J`ecX"; shown = '␛[2J␛[3J␛cX' }
        @{ name = 'title'; raw = "`e]0;owned`aX"; shown = '␛]0;owned␇X' }
        @{ name = 'link'; raw = "`e]8;;http://evil.invalid`e\X`e]8;;`e\"; shown = '␛]8;;http://evil.invalid␛\X␛]8;;␛\' }
        @{ name = 'clipboard'; raw = "`e]52;c;ZXZpbA==`aX"; shown = '␛]52;c;ZXZpbA==␇X' }
        @{ name = 'clipboard-st'; raw = "`e]52;c;ZXZpbA==`e\X"; shown = '␛]52;c;ZXZpbA==␛\X' }
        @{ name = 'strings'; raw = "`eP1;2|x`e\`e_Gx`e\`e^x`e\`eXx`e\"; shown = '␛P1;2|x␛\␛_Gx␛\␛^x␛\␛Xx␛\' }
        @{ name = 'c1-csi'; raw = "`u{9b}35mX"; shown = '�35mX' }
        @{ name = 'c1-osc'; raw = "`u{9d}0;owned`u{9c}X"; shown = '�0;owned�X' }
        @{ name = 'delete'; raw = "XX`b`b`u{7f}Y"; shown = 'XX␈␈␡Y' }
        @{ name = 'return'; raw = "rm -rf`recho hi"; shown = 'rm -rf␍echo hi' }
        @{ name = 'crlf'; raw = "one`r`ntwo"; shown = "one`ntwo"; never = 'Prompt crlf«one␍' }
        @{ name = 'nul'; raw = "a`0b"; shown = 'a␀b' }
        @{ name = 'override'; raw = "a`u{202a}`u{202b}`u{202c}`u{202d}`u{202e}b"; shown = 'a�����b' }
        @{ name = 'isolate'; raw = "a`u{2066}`u{2067}`u{2068}`u{2069}b"; shown = 'a����b' }
        @{ name = 'marks'; raw = "a`u{200e}`u{200f}`u{61c}b"; shown = 'a���b' }
        @{ name = 'zero-width'; raw = "a`u{200b}`u{2060}`u{feff}`u{ad}b"; shown = 'a����b' }
        @{ name = 'tags'; raw = "a`u{e0001}`u{e0041}`u{1d173}b"; shown = 'a���b' }
        @{ name = 'separators'; raw = "a`u{2028}b`u{2029}c`u{85}d`v`fe"; shown = 'a�b�c�d␋␌e' }
        @{ name = 'long'; raw = 'x' * 20000; shown = 'x' * 20 }
        @{ name = 'markup'; raw = '<script>alert(1)</script><img src=x onerror=alert(1)>'; shown = '<script>alert(1)</script>' }
        # No prompt, no name can have these: half a character, and bytes that are no UTF-8.
        @{ name = 'half'; raw = "a`u{d800}b"; shown = 'a�b'; in = @('Text') }
        @{ name = 'bytes'; raw = "a`u{fffd}b"; shown = 'a�b'; in = 'Unknown', 'Gate'; bytes = [byte[]](0x61, 0xff, 0x62) }
    )

    # sees: what of the payloads must be there, still readable. asked: while tasks wait for an answer.
    $formats = '$x; $x | Format-List; $x | Format-Table; $x | Format-Wide; $x | Format-Custom -Depth 1; Get-Date; $x; $x | Export-Clixml $file; Import-Clixml $file'
    $surfaces = @(
        @{ surface = 'tasks'; sees = 'Prompt', 'Session', 'Result', 'Named'; script = '$x = Get-ClaudeTask; ' + $formats }
        @{ surface = 'events'; sees = 'Text', 'Thinking', 'Stderr', 'Unknown', 'Tool', 'Ask', 'Denied', 'Gate'
            script = '$x = $tasks | Receive-ClaudeTask -Kind Message, Thinking, ToolUse, ToolResult, StandardError, Unknown, Permission, Gate, Status, Notice, Process, UserMessage; ' + $formats }
        @{ surface = 'changes'; sees = 'Content', 'Named'; script = '$x = $tasks | Get-ClaudeTaskDiff; ' + $formats + '; $tasks | Get-ClaudeTaskDiff -Stat' }
        @{ surface = 'gates'; sees = @('Named'); script = '$x = Get-ClaudeTaskGate; ' + $formats }
        @{ surface = 'what gates said'; sees = @('Gate'); script = '$x = $tasks | Get-ClaudeTaskGateResult; ' + $formats }
        @{ surface = 'questions'; sees = 'Ask', 'Denied'; script = '$x = Get-ClaudeTaskQuestion -All; ' + $formats }
        @{ surface = 'rules'; sees = 'Ask', 'Named'; script = '$x = Get-ClaudeTaskRule; ' + $formats }
        @{ surface = 'sessions'; sees = 'Session', 'Named'; script = '$x = Get-ClaudeTaskSession; ' + $formats }
        @{ surface = 'what a failed task left'; sees = @('Reason'); script = 'Invoke-ClaudeTask $bad -Repository $repository -InProcess -AllowDirty -Verbose -Debug -Session failed; $x = Get-ClaudeTask -Session failed; $x | Wait-ClaudeTask; $x | Receive-ClaudeTask; $x | Format-List' }
        @{ surface = 'attempts'; sees = @('Reason'); script = '$x = Get-ClaudeTask | Get-ClaudeTaskAttempt; ' + $formats }
        @{ surface = 'templates'; sees = @('Template'); script = '$x = Get-ClaudeTaskTemplate; ' + $formats }
        @{ surface = 'sums'; sees = 'Session', 'Named'; script = '$x = "Session", "Repository", "Template" | ForEach-Object { Measure-ClaudeTask -GroupBy $_ }; ' + $formats }
        @{ surface = 'options'; sees = @('Named')
            script = 'foreach ($p in $payloads) { Set-ClaudeTaskOption -WorktreeFolder "$folder/$($p.named)"; $x = Get-ClaudeTaskOption WorktreeFolder; $x; $x | Format-List; $x | Format-Wide; Get-Date; $x }; Set-ClaudeTaskOption -Reset WorktreeFolder' }
        @{ surface = 'checks'; sees = @(); script = '$x = $repository, (Get-ClaudeTask $tasks[0]).Repository | ForEach-Object { Test-ClaudeTaskPrerequisite $_ }; ' + $formats }
        @{ surface = 'errors'; sees = @('None'); script = @'
            $all = foreach ($p in $payloads) {
                $t = $p.text
                $(Start-ClaudeTask x -Repository "/nowhere/$t"; Get-ClaudeTaskSession $t; Remove-ClaudeTaskSession $t; Unregister-ClaudeTaskGate $t; Start-ClaudeTask -Template "no $t"
                    Get-ClaudeTaskOption $t; Register-ClaudeTaskGate $t true; $tasks[0] | Export-ClaudeTaskReport "$folder/nowhere/$t.html"; Approve-ClaudeTask $tasks[0] -Path $t) 2>&1
                foreach ($wrong in { Get-ClaudeTask $t }, { Start-ClaudeTask x -Timeout $t }, { Start-ClaudeTask x -At $t }, { Remove-ClaudeTask -OlderThan $t },
                    { Resolve-ClaudeTaskQuestion $t -Allow }, { Start-ClaudeTask x -OnQuestion $t }) { try { & $wrong } catch { $_ } }
            }
            foreach ($view in 'ConciseView', 'CategoryView') { $ErrorView = $view; $all | Out-String -Width 400 }
'@ }
        @{ surface = 'what would be done'; sees = 'Prompt', 'Session', 'Named'; script = @'
            $tasks | Stop-ClaudeTask -WhatIf; $tasks | Remove-ClaudeTask -WhatIf; $tasks | Approve-ClaudeTask -WhatIf; $tasks | Deny-ClaudeTask -WhatIf; Get-ClaudeTaskSession | Remove-ClaudeTaskSession -WhatIf
            Get-ClaudeTaskTemplate | ForEach-Object { Unregister-ClaudeTaskTemplate $_.Name -WhatIf }; Get-ClaudeTaskGate | ForEach-Object { Unregister-ClaudeTaskGate $_.Name -Repository $_.Repository -WhatIf }
            foreach ($p in $payloads) {
                Register-ClaudeTaskTemplate x $p.text -WhatIf; Start-ClaudeTask $p.text -Repository $repository -WhatIf; New-ClaudeTaskSession $p.text -Repository $repository -WhatIf
                Send-ClaudeTaskMessage $tasks[0] $p.text -WhatIf; Register-ClaudeTaskGate x $p.text -WhatIf; Export-ClaudeTaskReport "$folder/$($p.text).html" -Task $tasks[0] -WhatIf
                Invoke-ClaudeTaskGate $tasks[0] -Name $p.text -WhatIf
            }
'@ }
        @{ surface = 'a task that is invoked'; sees = 'Text', 'Thinking', 'Stderr', 'Unknown', 'Tool'; script = 'Invoke-ClaudeTask $every -Repository $repository -Session every -InProcess -Verbose -Debug' }
        @{ surface = 'a decision'; sees = @('Named'); script = '$last = Get-ClaudeTask -Session every; $last | Approve-ClaudeTask -Message $message -Verbose; $last | Undo-ClaudeTask -Verbose; $last | Deny-ClaudeTask -Reason $message -Verbose' }
        @{ surface = 'jobs'; sees = 'Text', 'Reason'; script = @'
            $jobs = ($bad, $every | Start-ClaudeTask -Repository $repository -InProcess -AllowDirty -AsJob -Session jobs | Wait-Job)
            $jobs; $jobs | Format-List Name, Command, Location, StatusMessage, @{ n = 'Reason'; e = { $_.JobStateInfo.Reason.Message } }; $jobs | Receive-Job; $jobs | Remove-Job
'@ }
        @{ surface = 'completions'; sees = @('Prompt'); script = @'
            foreach ($line in 'Get-ClaudeTask ', 'Get-ClaudeTask -Session ', 'Get-ClaudeTask -Repository ', 'Get-ClaudeTaskGate ', 'Start-ClaudeTask -Template ', 'Resolve-ClaudeTaskQuestion ',
                'Remove-ClaudeTaskRule ', 'Get-ClaudeTaskSession ', 'Unregister-ClaudeTaskTemplate ', 'Start-ClaudeTask x -Continue ') {
                (TabExpansion2 $line $line.Length).CompletionMatches | ForEach-Object { $_.CompletionText; $_.ListItemText; $_.ToolTip }
            }
'@ }
        @{ surface = 'open questions'; asked = $true; sees = 'Prompt', 'Ask'; script = '$x = Get-ClaudeTaskQuestion; ' + $formats + '; Get-ClaudeTask; $line = "Resolve-ClaudeTaskQuestion "; (TabExpansion2 $line $line.Length).CompletionMatches | ForEach-Object { $_.ListItemText; $_.ToolTip }' }
        @{ surface = 'progress'; asked = $true; sees = @('Prompt'); script = 'Get-ClaudeTask -Session Session* | Wait-ClaudeTask -Timeout 0.3' }
        @{ surface = 'a question at the terminal'; asked = $true; sees = 'Ask', 'Option'; answers = 'Show', 'No', '1'; script = 'Get-ClaudeTask -Session asking | Wait-ClaudeTask -Interactive' }
        @{ surface = 'a page'; sees = 'Prompt', 'Text', 'Result', 'Gate'; script = 'Get-ClaudeTask | Export-ClaudeTaskReport "$file.html" -Force; [Net.WebUtility]::HtmlDecode([IO.File]::ReadAllText("$file.html"))' }
        @{ surface = 'Markdown'; sees = 'Prompt', 'Result', 'Gate'; script = 'Get-ClaudeTask | Export-ClaudeTaskReport "$file.md" -Force; [Net.WebUtility]::HtmlDecode([IO.File]::ReadAllText("$file.md"))' }
        @{ surface = 'JUnit'; sees = 'Prompt', 'Result'; script = 'Get-ClaudeTask | Export-ClaudeTaskReport "$file.xml" -Force; ([xml][IO.File]::ReadAllText("$file.xml")).SelectNodes("//@* | //text()").Value' }
        @{ surface = 'claude-tasks'; sees = 'Text', 'Thinking', 'Stderr', 'Unknown', 'Tool'; program = $true }
    )
    if (Get-Command tmux -CommandType Application -ErrorAction Ignore) { $surfaces += @{ surface = 'the timeline'; sees = 'Prompt', 'Content'; terminal = $true } }

    # As a folder, a file or a branch can be called.
    $never = $IsWindows ? '[\x00-\x1f<>:"/\\|?*␀-␟]' : '[/\\\0␀]'
    foreach ($payload in $payloads) {
        $payload.text = "$($payload.name)«$($payload.raw)»"
        $payload.named = $payload.text.Substring(0, [Math]::Min(80, $payload.text.Length)) -replace $never
        $payload.namedShown = $payload.shown -replace $never
    }

    $cells = foreach ($payload in $payloads) {
        foreach ($surface in $surfaces) {
            # A file with a NUL is binary: its content is not shown.
            $sees = @($surface.sees | Where-Object { (-not $payload.in -or $payload.in -contains $_) -and "$($payload.name) $_" -ne 'nul Content' })
            if ($sees) { @{ name = $payload.name; surface = $surface.surface; payload = $payload; sees = $sees } }
        }
    }
}

Describe 'Hostile text' -ForEach @{ payloads = $payloads; surfaces = $surfaces } {
    BeforeAll {
        Import-Module $PSScriptRoot/../Common.psm1 -Force
        Import-ScriptedHost
        $box = New-TestBox
        $style = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'Ansi'

        # Our own colours, and nothing else, may be there.
        $colours = '\x1b\[(?:32;1;3|32;1|31;1|33;1|36;1|31|32|33|36|90|1|22|7|0)?m'
        $acted = '[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\udb40[\udc00-\udc7f]|\ud834[\udd73-\udd7a]|(?<![\ud800-\udbff])[\udc00-\udfff]|[\ud800-\udbff](?![\udc00-\udfff])'

        # Steps as ASCII, for the agent to say what no prompt could have in it.
        function Get-HostilePrompt([string] $Text, [object[]] $Steps, [hashtable] $Settings = @{}) {
            "$Text`nSCENARIO`n" + (@{ steps = $Steps } + $Settings | ConvertTo-Json -Depth 20 -Compress -EscapeHandling EscapeNonAscii)
        }

        function Get-Bytes([string] $Before, $Payload, [string] $After = '') {
            $text = $Payload.bytes ? $Payload.bytes : [Text.Encoding]::UTF8.GetBytes($Payload.raw)
            , [byte[]]([Text.Encoding]::UTF8.GetBytes("$Before $($Payload.name)«") + $text + [Text.Encoding]::UTF8.GetBytes("»$After"))
        }

        function Get-SayStep($Payload) {
            $text = $Payload.text
            switch ($Payload.name) {
                bytes { @{ rawBase64 = [Convert]::ToBase64String((Get-Bytes Unknown $Payload)) } }
                half { @{ rawBase64 = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes('{"type":"assistant","message":{"role":"assistant","content":[{"type":"text","text":"Text half«a\ud800b»"}]}}')) } }
                default {
                    @{ text = "Text $text" }, @{ thinking = "Thinking $text" }, @{ stderr = "Stderr $text" }, @{ raw = "Unknown $text" }
                    @{ tool = 'WebFetch'; ask = $false; input = @{ url = "Tool $text" }; output = "Output $text" }
                }
            }
        }

        # One task for each payload; each waits with a question.
        $options = Set-ClaudeTaskOption -ThrottleLimit 40
        $tasks = foreach ($payload in $payloads) {
            $text = $payload.in ? $payload.name : $payload.text
            $named = $payload.in ? $payload.name : $payload.named
            $repository = New-TestRepository $box $named
            git -C $repository checkout -q -b ($named -replace '[\x00-\x20\x7f~^:?*\[\\@{]', '_')
            [IO.File]::WriteAllBytes("$($box.Folder)/$($payload.name).out", (Get-Bytes Gate $payload "`n"))
            Register-ClaudeTaskGate ($named -replace '\p{Cc}') "cat '$($box.Folder)/$($payload.name).out'" -Repository $repository | Out-Null
            Register-ClaudeTaskTemplate ($named -replace '\p{Cc}') "Template $text" | Out-Null
            $steps = @(Get-SayStep $payload) + (Get-WriteStep $named "Content $text`n"), (Get-AskStep "Ask $text"), @{ text = "Result $text" }
            Start-ClaudeTask (Get-HostilePrompt "Prompt $text" $steps) -Repository $repository -Session "Session $($text.Substring(0, [Math]::Min(80, $text.Length)))" -InProcess -OnQuestion Ask
        }

        # All payloads at once, where a task is told from its start to its end.
        $plain = $payloads | Where-Object { -not $_.in }
        function Get-All([string] $What) { ($plain | ForEach-Object { "$What $($_.text)" }) -join "`n" }
        $repository = New-TestRepository $box
        $every = Get-HostilePrompt "Every`n$(Get-All Prompt)" (@($payloads | ForEach-Object { Get-SayStep $_ }) + @($plain | ForEach-Object { Get-WriteStep $_.named "Content $($_.text)`n" }))
        $ask = @{ askUser = @{ question = Get-All Question; options = @($plain | ForEach-Object { "Option $($_.text)" }) } }
        $bad = Get-HostilePrompt 'Bad' @() @{ result = @{ is_error = $true; result = Get-All Reason } }
        $asking = Start-ClaudeTask (Get-HostilePrompt 'Asking' (Get-AskStep (Get-All Ask)), $ask) -Repository $repository -Session asking -InProcess -OnQuestion Ask

        $atHost = [ScriptedHost]::new()
        $runspace = [runspacefactory]::CreateRunspace($atHost)
        $runspace.Open()
        $values = @{
            payloads = $plain; tasks = @($tasks.Id); folder = $box.Folder; file = "$($box.Folder)/out"; repository = $repository; every = $every; bad = $bad
            message = (Get-All Commit) -replace '\0'; ConfirmPreference = 'None'
        }
        foreach ($name in $values.Keys) { $runspace.SessionStateProxy.SetVariable($name, $values[$name]) }

        function Invoke-AtHost([string] $Script, [string[]] $Answers = @()) {
            [void]$atHost.Scripted.Shown.Clear(); [void]$atHost.Scripted.Told.Clear()
            foreach ($answer in $Answers | Where-Object { $_ }) { $atHost.Plan($answer) }
            $shell = [powershell]::Create($runspace)
            $out = $shell.AddScript("& {`n$Script`n} *>&1 | Out-String -Width 400").Invoke() -join "`n"
            $out, $atHost.Scripted.Shown, $atHost.Scripted.Told, $shell.Streams.Error -join "`n"
            $shell.Dispose()
        }

        # The bytes that a program writes.
        function Invoke-Program([string[]] $Arguments) {
            $file = "$($box.Folder)/program"
            [IO.File]::WriteAllText("$file.in", $every)
            $program = "$PSScriptRoot/../../../src/ClaudeTasks.Cli/bin/Debug/net8.0/claude-tasks"
            & bash -c '"$0" "${@:2}" < "$1.in" > "$1.out" 2>&1' $program $file @Arguments
            [IO.File]::ReadAllText("$file.out")
        }

        # All that reaches the terminal, of which the positions, modes and requests of a full screen are our own.
        function Watch-InTerminal {
            $raw, $socket = "$($box.Folder)/terminal", "$($box.Folder)/tmux"
            $run = "import-module '$(Get-ModulePath)'; Watch-ClaudeTask $($tasks.Id -join ','), $((Get-ClaudeTask -Session asking).Id)"
            [IO.File]::WriteAllText("$raw.ps1", $run)
            tmux -S $socket -f /dev/null new-session -d -x 300 -y 120 "sleep 1; env -u CI -u NO_COLOR LANG=C.UTF-8 pwsh -NoProfile -File '$raw.ps1'; exec cat"
            tmux -S $socket pipe-pane -o "cat > '$raw'"
            function Wait-Raw([string] $Text, [int] $Times = 1) { Wait-Until { (Test-Path $raw) -and [regex]::Matches([IO.File]::ReadAllText($raw), $Text).Count -ge $Times } "the terminal got $Text" | Out-Null }
            try {
                Wait-Raw 'Prompt markup«'
                foreach ($i in 1..$tasks.Count) { tmux -S $socket send-keys k }
                foreach ($i in 1..$tasks.Count) { tmux -S $socket send-keys o; Wait-Raw 'Added: ' $i; tmux -S $socket send-keys q; tmux -S $socket send-keys j }
            }
            finally { tmux -S $socket kill-server }
            [IO.File]::ReadAllText($raw) -replace '\x1b\[\d+;1H\x1b\[K', "`n" -replace '\x1b\[(\?(1049|25|7|1)[hl]|2J|6n)|\x1b[=>]' -replace "`r`n", "`n"
        }

        # Safe to show.
        function Get-Excerpt([string] $Text, [int] $At) { $At -lt 0 ? '(nothing)' : ($Text.Substring([Math]::Max(0, $At), [Math]::Min(80, $Text.Length - [Math]::Max(0, $At))) | ConvertTo-Json -EscapeHandling EscapeNonAscii) }

        $seen = @{}
        function Add-Seen($Surface) {
            $text = $Surface.program ? (Invoke-Program run, -, -C, (New-TestRepository $box), --session, program) : $Surface.terminal ? (Watch-InTerminal) : (Invoke-AtHost $Surface.script @($Surface.answers))
            $seen[$Surface.surface] = $text -replace $colours -replace ($IsWindows ? "`r`n" : '(?!)'), "`n"
        }

        # Nothing that should fail may find a repository to work in, and PowerShell no file to complete.
        $empty = (New-Item -ItemType Directory "$($box.Folder)/empty").FullName
        [void](Invoke-AtHost "Import-Module '$(Get-ModulePath)'; Set-Location -LiteralPath '$empty'")
        $questions = $tasks | ForEach-Object { Wait-Question $_ }
        [void](Wait-Question $asking)
        foreach ($surface in $surfaces | Where-Object { $_.asked }) { Add-Seen $surface }
        for ($i = 0; $i -lt $tasks.Count; $i++) {
            $questions[$i] | Resolve-ClaudeTaskQuestion -Deny -Message "Denied $($payloads[$i].in ? $payloads[$i].name : $payloads[$i].text)" -Remember
        }
        $tasks = $tasks | Wait-ClaudeTask -WarningAction Ignore
        $asking | Wait-ClaudeTask -WarningAction Ignore | Out-Null
        foreach ($surface in $surfaces | Where-Object { -not $_.asked }) { Add-Seen $surface }
    }

    AfterAll {
        $PSStyle.OutputRendering = $style
        $runspace.Dispose()
        Remove-TestBox $box
    }

    It '<name> is harmless and readable in <surface>' -ForEach $cells {
        $text = $seen[$surface]
        foreach ($what in $sees) {
            # Of several lines some surfaces show the first.
            $shown = ($what -eq 'Named' ? $payload.namedShown : $payload.shown).Split("`n")[0]
            $mark = ($what -in 'None', 'Named' ? '' : "$what ") + "$name«"
            $place = $text.IndexOf($mark + $shown, [StringComparison]::Ordinal)
            if ($place -lt 0) { $place = $text.IndexOf($mark, [StringComparison]::Ordinal); Get-Excerpt $text $place | Should -Be "$mark$shown…" }
        }
        if ($payload.never -and $surface -in 'tasks', 'open questions', 'progress', 'the timeline') { $text.Contains($payload.never) | Should -BeFalse }
        for ($place = 0; ($place = $text.IndexOf("$name«", $place, [StringComparison]::Ordinal)) -ge 0; $place++) {
            $end = $text.IndexOf('»', $place)
            $part = $text.Substring($place, [Math]::Min(200, ($end -lt 0 ? $text.Length : $end) - $place))
            if ($part -cmatch $acted) { Get-Excerpt $text $place | Should -BeNullOrEmpty }
        }
    }

    It 'nothing that a terminal acts on is anywhere in <surface>' -ForEach $surfaces {
        $seen[$surface] | Should -Not -BeNullOrEmpty
        $found = [regex]::Match($seen[$surface], $acted)
        if ($found.Success) { Get-Excerpt $seen[$surface] ($found.Index - 20) | Should -BeNullOrEmpty }
    }

    It 'the data of <name> is as it came' -ForEach ($payloads | Where-Object { -not $_.in }) {
        $task = $tasks | Where-Object { $_.Prompt.StartsWith("Prompt $text`n", [StringComparison]::Ordinal) }
        $task.Status | Should -Be WaitingApproval
        $task.Session | Should -BeExactly "Session $($text.Substring(0, [Math]::Min(80, $text.Length)))"
        Split-Path -Leaf $task.Repository | Should -BeExactly $named
        $task.Result | Should -BeExactly "Result $text"
        ($task | Receive-ClaudeTask -Kind Thinking).Text | Should -BeExactly "Thinking $text"
        (($task | Receive-ClaudeTask -Kind Unknown).Text -join "`n") | Should -BeExactly ("Unknown $text" -replace "`r`n", "`n")
        $change = $task | Get-ClaudeTaskDiff
        $change.Path | Should -BeExactly $named
        if ($name -ne 'nul') { $change.Patch.Contains("+Content $text".Replace("`n", "`n+")) | Should -BeTrue }
        $question = $task | Get-ClaudeTaskQuestion -All
        ($question.Input | ConvertFrom-Json).command, $question.Answer | Should -BeExactly "Ask $text", "Denied $text"
        ($task | Get-ClaudeTaskGateResult).Output.TrimEnd("`n") | Should -BeExactly ("Gate $text" -replace "`r`n", "`n")
        $task | Export-ClaudeTaskReport "$($box.Folder)/data.json" -Force
        (Get-Content "$($box.Folder)/data.json" -Raw | ConvertFrom-Json).tasks[0].task.result | Should -BeExactly "Result $text"
    }
}
