using System.CommandLine;
using System.Text.Json.Nodes;
using Idflow.Conductor.Json;
using Idflow.Conductor.Model;

namespace Idflow.Cli.Commands.Workflow;

/// <summary><c>idflow workflow runs</c>: executions, the newest first.</summary>
internal static class WorkflowRunsCommand
{
    public static Command Create(CliEnvironment environment)
    {
        var status = new Option<WorkflowStatus?>("--status") { Description = "Only those in this state: RUNNING, COMPLETED, FAILED, TIMED_OUT, TERMINATED, PAUSED." };
        var name = new Option<string?>("--name") { Description = "Only those of this workflow." };
        var limit = new Option<int>("--limit") { Description = "Most executions to list.", DefaultValueFactory = _ => 100 };
        var json = GlobalOptions.Json();
        var command = new Command("runs", "Lists executions, the newest first.") { status, name, limit, json };
        command.WithExamples("idflow workflow runs --status FAILED", "idflow workflow runs --name stage_workflow --json");
        return command.Does(environment, async context =>
        {
            var project = await context.OpenProjectAsync().ConfigureAwait(false);
            var conductor = (await project.Engine.OpenAsync(context.CancellationToken).ConfigureAwait(false)).Conductor;
            string?[] conditions =
            [
                context.Parse.GetValue(status) is { } wanted ? $"status = {wanted}" : null,
                context.Parse.GetValue(name) is { } workflow ? $"workflowType = {workflow}" : null,
            ];
            var query = string.Join(" AND ", conditions.OfType<string>());
            var found = await conductor.SearchWorkflowsAsync(
                new SearchRequest { Size = context.Parse.GetValue(limit), Sort = "startTime:DESC", Query = query.Length > 0 ? query : null },
                context.CancellationToken).ConfigureAwait(false);
            if (context.Parse.GetValue(json))
            {
                context.Output.Json(new JsonArray([.. found.Results.Select(ConductorJson.ToNode)]));
                return ExitCodes.Done;
            }

            context.Output.Table(["ID", "WORKFLOW", "STATUS", "STARTED", "REASON"], found.Results.Select(run => (IReadOnlyList<string>)
                [run.WorkflowId ?? "", run.WorkflowType ?? "", run.Status.ToString(), run.StartTime ?? "", run.ReasonForIncompletion ?? ""]));
            if (found.TotalHits > found.Results.Count)
            {
                context.Output.Progress($"{found.Results.Count} of {found.TotalHits}; --limit shows more");
            }

            return ExitCodes.Done;
        });
    }
}
