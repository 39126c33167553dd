BeforeAll {
    Import-Module $PSScriptRoot/../Common.psm1 -Force
    $box = New-TestBox
    $repository = New-TestRepository $box

    function Start-TestJob([string] $Text, [object[]] $Steps = @(@{ text = 'Hello.' }), [hashtable] $More = @{}, [string] $In = $repository) {
        Start-ClaudeTask (Get-Prompt $Text $Steps) -Repository $In -InProcess -AllowDirty -AsJob @More
    }

    function Wait-State($Job, [string] $State) { Wait-Until { $Job.State -eq $State } "$($Job.Name) is $State" | Out-Null }

    # A step that keeps the agent at work until the file is there.
    function Get-WaitStep([string] $Name) { @{ waitFile = "$($box.Folder)/$Name" } }
    function Set-File([string] $Name) { [IO.File]::WriteAllText("$($box.Folder)/$Name", '') }
}

AfterAll { Remove-TestBox $box }

Describe 'Jobs of tasks' {
    AfterEach {
        Get-Job | Remove-Job -Force
        Get-ClaudeTask -Status WaitingApproval, QaFailed | Stop-ClaudeTask -WarningAction Ignore
    }

    Context 'What Start-ClaudeTask -AsJob writes' {
        It 'is a job for each prompt, at once, named after its task' {
            $jobs = 'One', 'Two' | ForEach-Object { Get-Prompt $_ @{ text = 'Hello.' } } | Start-ClaudeTask -Repository $repository -InProcess -AsJob
            $jobs | Should -HaveCount 2
            $jobs | Should -BeOfType System.Management.Automation.Job2
            $jobs.Name | Should -Be ($jobs.Task.Id | ForEach-Object { "ClaudeTask$_" })
            $jobs.PSJobTypeName | Select-Object -Unique | Should -Be ClaudeTask
            $jobs[0].Location | Should -Be (Split-Path -Leaf $repository)
            $jobs[0].Command | Should -BeLike 'One *'
            ($jobs | Wait-Job).Id | Should -Be $jobs.Id
            $jobs.State | Should -Be Completed, Completed
        }

        It 'is nothing under -WhatIf' {
            Start-TestJob 'Never' -More @{ WhatIf = $true } | Should -BeNullOrEmpty
            Get-Job | Should -BeNullOrEmpty
        }

        It 'waits in the queue as NotStarted, and runs as Running' {
            $first = Start-TestJob 'First' (Get-WaitStep first)
            $second = Start-TestJob 'Second'
            Wait-State $first Running
            $second.State | Should -Be NotStarted
            $second.HasMoreData | Should -BeTrue
            Set-File first
            ($first, $second | Wait-Job).State | Should -Be Completed, Completed
        }
    }

    Context 'Receive-Job' {
        It 'shows what happens and writes the task, as Invoke-ClaudeTask does, and removes the job when asked to' {
            $job = Start-TestJob 'Write' @{ text = 'Hello.' }, (Get-WriteStep job.txt), @{ text = 'Bye.' }
            $task = Receive-Job $job -Wait -AutoRemoveJob -InformationVariable shown 6>$null
            $task.GetType().FullName | Should -Be ClaudeTasks.Model.ClaudeTask
            $task.Status | Should -Be WaitingApproval
            $shown.MessageData.Event.Seq | Should -Be ($task | Receive-ClaudeTask).Seq
            Get-Job | Should -BeNullOrEmpty
            ($task | Deny-ClaudeTask).Status | Should -Be Rejected
        }

        It 'has everything of a job that has ended, once, and again with -Keep' {
            $job = Start-TestJob 'Twice' | Wait-Job
            foreach ($time in 1, 2) {
                $kept = $job | Receive-Job -Keep -InformationVariable shown 6>$null
                $kept.Id | Should -Be $job.Task.Id
                ($shown.MessageData.Event | Where-Object Kind -EQ Message).Text | Should -Be Hello.
                $job.HasMoreData | Should -BeTrue
            }
            ($job | Receive-Job 6>$null).Id | Should -Be $job.Task.Id
            $job.HasMoreData | Should -BeFalse
            $job | Receive-Job 6>&1 | Should -BeNullOrEmpty
        }

        It 'never loses a line when the job ends while it is received' {
            foreach ($round in 1..10) {
                $job = Start-TestJob "Round $round" (1..50 | ForEach-Object { @{ text = "Line $_" } })
                $task = Receive-Job $job -Wait -AutoRemoveJob -InformationVariable shown 6>$null
                $task.Status | Should -Be Completed
                ($shown.MessageData.Event | Where-Object Kind -EQ Message).Text | Should -Be (1..50 | ForEach-Object { "Line $_" })
            }
        }

        It 'puts warnings, errors and progress where they belong' {
            Register-ClaudeTaskGate optional 'exit 3' -Repository $repository -Optional | Out-Null
            Register-ClaudeTaskGate needed 'exit 4' -Repository $repository | Out-Null
            try { $job = Start-TestJob 'Gates' (Get-WriteStep gate.txt) | Wait-Job } finally { 'optional', 'needed' | ForEach-Object { Unregister-ClaudeTaskGate $_ -Repository $repository -Confirm:$false } }
            $job.Progress[-1].RecordType | Should -Be Completed
            $output = Receive-Job $job -WarningVariable warnings -ErrorVariable errors -WarningAction SilentlyContinue -ErrorAction SilentlyContinue 6>$null
            $output.Status | Should -Be QaFailed
            "$warnings" | Should -BeLike "*optional*"
            $errors[0].FullyQualifiedErrorId | Should -BeLike 'TaskReportedError*'
            $errors[0].TargetObject.Kind | Should -Be Error
            "$($errors[0])" | Should -BeLike "*needed*"
            $job.State | Should -Be Failed
            $job | Deny-ClaudeTask | Out-Null
        }

        It 'shows a bar while the task runs, which is the newest' {
            $job = Start-TestJob 'Bar' (Get-WaitStep bar)
            Wait-State $job Running
            Wait-Until { $job.Progress.Count -eq 1 -and $job.Progress[0].StatusDescription -like 'Running*' } 'the bar says that it runs' | Out-Null
            $job.Progress[0].ActivityId | Should -Be $job.Task.Id
            Set-File bar
            $job | Wait-Job | Out-Null
        }
    }

    Context 'How a job ends' {
        It 'is Failed with the reason when the task fails, which Receive-Job writes as an error once' {
            $job = Start-TestJob 'Fail' @{ text = 'Hm.' }, @{ exit = 9 } | Wait-Job
            $job.State | Should -Be Failed
            $reason = $job.JobStateInfo.Reason
            "$($reason.ErrorId)" | Should -Be TaskFailed
            $reason.Message | Should -BeLike "Task $($job.Task.Id) ended as Failed (AgentError)*Receive-ClaudeTask $($job.Task.Id)*"
            $output = Receive-Job $job -ErrorVariable errors -ErrorAction SilentlyContinue 6>$null
            $output.Status | Should -Be Failed
            $errors | Should -HaveCount 1
            $errors[0].Exception | Should -Be $reason
        }

        It 'is Failed when checks before the run do not pass' {
            $job = Start-TestJob 'Check' -More @{ ClaudePath = '/none/claude' } | Wait-Job
            $job.State | Should -Be Failed
            $job.JobStateInfo.Reason.Message | Should -BeLike '*PreFlightFailed*'
        }

        It 'is Completed, with the task to go on with, when the task waits for approval' {
            $job = Start-TestJob 'Approve' (Get-WriteStep approve.txt) | Wait-Job
            $job.State | Should -Be Completed
            $job.Task.Status | Should -Be WaitingApproval
            ($job | Get-ClaudeTaskDiff).Path | Should -Be approve.txt
            ($job | Approve-ClaudeTask).Status | Should -Be Completed
            $job.State | Should -Be Completed
        }

        It 'is Stopped by Stop-Job, and so is the task' {
            $job = Start-TestJob 'Stop' (Get-WaitStep never)
            Wait-State $job Running
            ($job | Stop-Job -PassThru).State | Should -Be Stopped
            (Get-ClaudeTask $job.Task).Status | Should -Be Cancelled
            $job.JobStateInfo.Reason | Should -BeNullOrEmpty
            $job | Stop-Job
            ($job | Receive-Job 6>$null).Status | Should -Be Cancelled
        }

        It 'is Stopped when somebody stops the task' {
            $job = Start-TestJob 'Stop task' (Get-WaitStep never)
            Wait-State $job Running
            $job.Task | Stop-ClaudeTask
            ($job | Wait-Job).State | Should -Be Stopped
        }

        It 'is Failed when the record of the task is removed' {
            $job = Start-TestJob 'Remove' (Get-WaitStep never)
            Wait-State $job Running
            Suspend-ClaudeTask $job.Task
            Wait-State $job Suspended
            Remove-ClaudeTask $job.Task -Confirm:$false -Force
            Wait-State $job Failed
            "$($job.JobStateInfo.Reason.ErrorId)" | Should -Be TaskNotFound
        }
    }

    Context 'A job that cannot go on by itself' {
        It 'is Blocked while Claude waits for an answer, also after Receive-Job, and goes on with it' {
            $job = Start-TestJob 'Ask' (Get-AskStep 'echo hi'), @{ text = 'Done.' } @{ OnQuestion = 'Ask' }
            Wait-State $job Blocked
            (Get-OnlyError { Wait-Job $job }).FullyQualifiedErrorId | Should -BeLike BlockedJobsDeadlockWithWaitJob*
            $job | Receive-Job 6>&1 | Out-String | Should -BeLike '*Resolve-ClaudeTaskQuestion*'
            Wait-State $job Blocked
            $job.StatusMessage | Should -BeLike 'waits for an answer*'
            $job | Get-ClaudeTaskQuestion | Resolve-ClaudeTaskQuestion -Allow
            ($job | Wait-Job).State | Should -Be Completed
            $job.Output.Result | Should -Be Done.
        }

        It 'is Suspended behind a task that waits for a decision: nobody waits for it for ever, and it goes on after the decision' {
            $first = Start-TestJob 'First' (Get-WriteStep first.txt)
            $second = Start-TestJob 'Second'
            $tasks = $first, $second | Receive-Job -Wait -AutoRemoveJob -WarningVariable warnings -WarningAction SilentlyContinue 6>$null
            $tasks.Id | Should -Be $first.Task.Id
            "$warnings" | Should -BeLike "*Task $($second.Task.Id) stays in the queue behind task $($first.Task.Id)*"
            (Get-Job).Id | Should -Be $second.Id
            $second.State | Should -Be Suspended
            ($second | Wait-Job -WarningAction SilentlyContinue).State | Should -Be Suspended
            $tasks | Deny-ClaudeTask | Out-Null
            ($second | Wait-Job).State | Should -Be Completed
        }

        It 'does not end a Receive-Job that waits: it goes on with the answer' {
            $job = Start-TestJob 'Ask' (Get-AskStep 'echo hi'), @{ text = 'Done.' } @{ OnQuestion = 'Ask' }
            Wait-State $job Blocked
            $there = Start-Runspace "Get-Job -Id $($job.Id) | Receive-Job -Wait 6>`$null"
            Wait-State $job Running
            $job | Get-ClaudeTaskQuestion | Resolve-ClaudeTaskQuestion -Allow
            Wait-Until { $there.Run.IsCompleted } 'Receive-Job has ended' | Out-Null
            $there.Output[0].Result | Should -Be Done.
            $there.Shell.Dispose()
        }

        It 'is Suspended with its task, and goes on with it' {
            $scenario = New-Scenario $box @{ signalFile = "$($box.Folder)/at-work" }, @{ hang = 1 } @{ resumed = @{ steps = @(, @{ text = 'Done.' }) } }
            $job = Start-TestJob 'Pause' -More @{ AgentArgument = "--scenario=$scenario" }
            Wait-Until { Test-Path "$($box.Folder)/at-work" } 'the agent is at work' | Out-Null
            $job.SuspendJob()
            Wait-State $job Suspended
            $job.ResumeJob()
            Wait-State $job Completed
            ($job | Receive-Job 6>$null).Result | Should -Be Done.
        }

        It 'is no job to start or unblock by hand' {
            $job = Start-TestJob 'By hand' | Wait-Job
            { $job.StartJob() } | Should -Throw '*Start-ClaudeTask*'
            { $job.UnblockJob() } | Should -Throw '*Resolve-ClaudeTaskQuestion*'
        }
    }

    Context 'Finding jobs' {
        BeforeAll {
            function Start-Three {
                $script:good = Start-TestJob 'Good' | Wait-Job
                $script:bad = Start-TestJob 'Bad' @{ exit = 1 } | Wait-Job
                $script:other = Start-ThreadJob { 'other' } | Wait-Job
            }
        }

        It 'works by id, name, wildcard, instance id, state, command and filter' {
            Start-Three
            (Get-Job).Id | Should -Be ($good, $bad, $other).Id
            (Get-Job -Id $good.Id).Name | Should -Be $good.Name
            (Get-Job -Name $bad.Name).Id | Should -Be $bad.Id
            (Get-Job -Name claudetask*).Id | Should -Be $good.Id, $bad.Id
            Get-Job -Name nothing* | Should -BeNullOrEmpty
            (Get-Job -InstanceId $good.InstanceId).Id | Should -Be $good.Id
            (Get-Job -State Failed).Id | Should -Be $bad.Id
            (Get-Job -Command 'Good*').Id | Should -Be $good.Id
            (Get-Job -Filter @{ Name = 'ClaudeTask*'; State = 'Completed' }).Id | Should -Be $good.Id
            Get-Job -Filter @{ Nonsense = 1 } | Should -BeNullOrEmpty
        }

        It 'removes only what was named' {
            Start-Three
            Remove-Job -Name 'ClaudeTask*'
            (Get-Job).Id | Should -Be $other.Id
            (Get-ClaudeTask $good.Task).Status | Should -Be Completed
        }

        It 'works from every runspace of the process' {
            $job = Start-TestJob 'Shared' | Wait-Job
            $there = Start-Runspace "Get-Job -Name $($job.Name) | Receive-Job -Keep 6>`$null"
            Wait-Until { $there.Run.IsCompleted } 'the other runspace is done' | Out-Null
            $there.Output[0].Id | Should -Be $job.Task.Id
            $there.Shell.Dispose()
        }

        It 'goes on in a job with a name of its own' {
            $job = Start-TestJob 'Name' | Wait-Job
            $job.Name = 'mine'
            (Get-Job mine).Id | Should -Be $job.Id
        }
    }

    Context 'A job is only a view' {
        It 'is refused to be removed while the task runs; -Force stops the task, whose record stays' {
            $job = Start-TestJob 'Refuse' (Get-WaitStep never)
            Wait-State $job Running
            (Get-OnlyError { Remove-Job $job }).FullyQualifiedErrorId | Should -BeLike JobObjectNotFinishedCannotBeRemoved*
            Remove-Job $job -Force
            Get-Job | Should -BeNullOrEmpty
            (Get-ClaudeTask $job.Task).Status | Should -Be Cancelled
        }

        It 'ends with its session, and the task goes on' {
            $prompt = Get-Prompt 'Outlive' (Get-WaitStep outlive), @{ text = 'Still here.' }
            [IO.File]::WriteAllText("$($box.Folder)/outlive.txt", $prompt)
            $session = Invoke-Pwsh $box "
                `$job = Start-ClaudeTask ([IO.File]::ReadAllText('$($box.Folder)/outlive.txt')) -Repository '$repository' -AllowDirty -AsJob
                while (`$job.State -ne 'Running') { Start-Sleep -Milliseconds 20 }
                `$job.Task.Id"
            $session.Err | Should -BeNullOrEmpty
            Set-File outlive
            (Get-ClaudeTask $session.Out | Wait-ClaudeTask).Result | Should -Be 'Still here.'
        }

        It 'leaves nothing behind when it is removed, nor when it is disposed of while the task runs' {
            function Start-Round([string] $How) {
                $job = Start-TestJob $How ($How -eq 'remove' ? @{ text = 'Hello.' } : (Get-WaitStep dispose))
                if ($How -eq 'remove') { $job | Receive-Job -Wait -AutoRemoveJob 6>$null | Out-Null } else { $job.Dispose(); $job | Remove-Job -Force }
                [WeakReference]::new($job)
            }
            $gone = 1..5 | ForEach-Object { Start-Round remove }
            $gone += Start-Round dispose
            Set-File dispose
            Get-ClaudeTask | Wait-ClaudeTask | Out-Null
            Wait-Until { [GC]::Collect(); [GC]::WaitForPendingFinalizers(); -not ($gone | Where-Object IsAlive) } 'no job is held' | Out-Null
        }
    }
}
