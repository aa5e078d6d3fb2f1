using Idflow.Engine.Execution;

namespace Idflow.Engine.Tests.Execution;

public sealed class ChildIdTests
{
    /// <summary>Computed apart from the engine, with Python's hashlib: MD5 of the name, version and variant bits set.</summary>
    [Fact]
    public void Id_is_the_name_based_uuid_of_parent_task_and_attempt() =>
        Assert.Equal("d58ff60b-cdea-3111-aff3-48031397f78c", ChildId.Of("parent", "task", 2));
}
