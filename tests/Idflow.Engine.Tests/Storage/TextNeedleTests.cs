using System.Text;
using CsCheck;
using Idflow.Engine.Storage.Sqlite;

namespace Idflow.Engine.Tests.Storage;

public sealed class TextNeedleTests
{
    [Fact]
    public void It_finds_what_a_search_in_the_decoded_text_finds() =>
        Gen.Select(Gen.String[Gen.Char["aAbBz\"éÉ1"], 0, 12], Gen.String[Gen.Char["aAbZ\"é1"], 0, 4])
            .Sample((text, sought) => new TextNeedle(sought).IsIn(Encoding.UTF8.GetBytes(text)) == text.Contains(sought, StringComparison.OrdinalIgnoreCase));
}
