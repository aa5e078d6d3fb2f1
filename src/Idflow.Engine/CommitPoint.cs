namespace Idflow.Engine;

/// <summary>Places around a commit at which a process may die. What is at stake differs at each of them.</summary>
public enum CommitPoint
{
    /// <summary>Nothing of the commits is in the store.</summary>
    BeforeTransaction,

    /// <summary>All rows of the transaction are written, and not committed.</summary>
    BeforeCommit,

    /// <summary>A large payload is on disk as a file; the row that names it is not.</summary>
    AfterPayloadFile,

    /// <summary>On disk; nobody has been told, and nothing that follows has been done.</summary>
    AfterCommit,
}
