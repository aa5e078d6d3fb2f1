using Idflow.Documents.Model;

namespace Idflow.Documents.Query;

/// <summary>The operand of a <c>stage=</c> filter: a name, or a name and the status a run of it must have.</summary>
internal static class StageOperand
{
    /// <summary>Splits at the last colon.</summary>
    public static (string Name, StageStatus? Status) Parse(string operand, FilterOperator filterOperator)
    {
        switch (filterOperator)
        {
            case FilterOperator.Exists or FilterOperator.Missing or FilterOperator.Regex:
                return (operand, null);
            case FilterOperator.Matches or FilterOperator.Equal or FilterOperator.NotMatches:
                break;
            default:
                throw new FilterException("stages have no order; write stage=NAME or stage=NAME:done.");
        }

        var colon = operand.LastIndexOf(':');
        var name = colon < 0 ? operand : operand[..colon];
        return name.Length == 0
            ? throw new FilterException("the name of a stage is missing; write stage=NAME or stage=NAME:done ('stage=*:done' for any stage).")
            : (name, colon < 0 ? null : StatusNames.ParseStage(operand[(colon + 1)..]));
    }
}
