namespace Idflow.Documents.Query;

/// <summary>What a filter asks of a value.</summary>
public enum FilterOperator
{
    /// <summary><c>key=value</c>: equal, with wildcards.</summary>
    Matches,

    /// <summary><c>key===value</c>: equal, taken literally.</summary>
    Equal,

    /// <summary><c>key=!value</c>: does not match; also true where the key is missing.</summary>
    NotMatches,

    /// <summary><c>key=&gt;value</c>.</summary>
    Greater,

    /// <summary><c>key=&gt;=value</c>.</summary>
    GreaterOrEqual,

    /// <summary><c>key=&lt;value</c>.</summary>
    Less,

    /// <summary><c>key=&lt;=value</c>.</summary>
    LessOrEqual,

    /// <summary><c>key=~expression</c>: a regular expression is found anywhere in the text.</summary>
    Regex,

    /// <summary><c>key=exists</c>: there, and not null.</summary>
    Exists,

    /// <summary><c>key=missing</c>: not there, or null.</summary>
    Missing,
}
