namespace Idflow.Documents.Markdown;

/// <summary>Something in a readable file that is not as it should be; the line counts from 1 in the file, 0 = the file.</summary>
internal sealed record FileFlaw(int Line, string Message);
