using Idflow.Documents.Model;

namespace Idflow.Documents.Query;

/// <summary>
/// One filter of the command line: <c>key=value</c> with the operators of <see cref="FilterOperator"/>. Keys are property
/// names with dot paths (see <see cref="PropertyPath"/>), or <c>id</c>, <c>status</c>, <c>doc-ref</c>, <c>file-ref</c>
/// and <c>stage</c> (<c>NAME</c> or <c>NAME:STATUS</c>; any run counts). Where the value is a list, one item that holds is enough.
/// </summary>
public sealed class DocumentFilter
{
    private readonly FilterKey _key;
    private readonly ValueTest _test;
    private readonly StageStatus? _stageStatus;

    internal DocumentFilter(string key, FilterOperator filterOperator, string operand)
    {
        (_key, Operator, Operand) = (new FilterKey(key), filterOperator, operand);
        var tested = operand;
        if (key == FilterKey.Stage)
        {
            (tested, _stageStatus) = StageOperand.Parse(operand, filterOperator);
        }
        else if (key == FilterKey.Status)
        {
            StatusNames.RequireKnown(filterOperator, operand);
        }

        _test = ValueTest.Create(filterOperator, tested);
    }

    public string Key => _key.Name;

    public FilterOperator Operator { get; }

    /// <summary>What stands after the operator; empty for <see cref="FilterOperator.Exists"/> and <see cref="FilterOperator.Missing"/>.</summary>
    public string Operand { get; }

    /// <exception cref="FilterException">The expression cannot be understood; the message says where and how to mend it.</exception>
    public static DocumentFilter Parse(string expression) => FilterParser.Parse(expression);

    /// <exception cref="FilterException">A regular expression took too long on this document.</exception>
    public bool Matches(DocumentSummary document) => Matches((IFilterable)document);

    /// <inheritdoc cref="Matches(DocumentSummary)"/>
    internal bool Matches(IFilterable document)
    {
        var value = _key.ValueOf(document, _stageStatus);
        try
        {
            return _test.Holds(value);
        }
        catch (System.Text.RegularExpressions.RegexMatchTimeoutException)
        {
            throw new FilterException($"filter '{this}': the regular expression takes too long on document {document.Id}; make it simpler (no nested repetitions, no back references).");
        }
    }

    /// <summary>The expression; it parses to an equal filter.</summary>
    public override string ToString() => FilterParser.Print(Key, Operator, Operand);
}
