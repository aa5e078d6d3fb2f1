namespace Idflow.Documents;

/// <summary>Something about documents that a person can mend; the message says what, where and how.</summary>
public class DocumentException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>No document, or several, answer to that id or prefix.</summary>
public sealed class DocumentNotFoundException(string message) : DocumentException(message);

/// <summary>A name that cannot be the folder or file of a document, a stage or a result, such as one that leaves the project.</summary>
public sealed class DocumentNameException(string message) : DocumentException(message);

/// <summary>A new document has the id of one that is there.</summary>
public sealed class DocumentExistsException(string message) : DocumentException(message);

/// <summary>A filter, sort or property expression that cannot be understood.</summary>
public sealed class FilterException(string message) : DocumentException(message);

/// <summary>A file of a document cannot be read: where it is broken (line and column from 1) and why.</summary>
public sealed class DocumentFormatException(string path, int line, int column, string message)
    : DocumentException($"{path}:{line}:{column}: {message}")
{
    public string Path { get; } = path;

    public int Line { get; } = line;

    public int Column { get; } = column;
}
