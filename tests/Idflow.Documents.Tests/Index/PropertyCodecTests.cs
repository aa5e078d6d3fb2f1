using System.Numerics;
using System.Text;
using CsCheck;
using Idflow.Documents.Index;
using Idflow.Documents.Model;
using static Idflow.Documents.Tests.Query.Documents;

namespace Idflow.Documents.Tests.Index;

public sealed class PropertyCodecTests
{
    private static readonly Gen<string> Key = Gen.OneOf("a", "b", "$date", "$map", "$x", "ü.ö", "", "with \"quote\"\n");

    private static readonly Gen<object?> Scalar = Gen.OneOf(
        Gen.Const((object?)null),
        Gen.Bool.Select(value => (object?)value),
        Gen.Long.Select(value => (object?)value),
        Gen.Double.Select(value => (object?)value),
        Gen.OneOf(double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0, 3.0).Select(value => (object?)value),
        Gen.Long.Where(value => value != 0).Select(value => (object?)(new BigInteger(value) * ulong.MaxValue * 3)),
        Gen.Int[0, 3_000_000].Select(value => (object?)DateOnly.FromDayNumber(value)),
        Gen.DateTime.Select(value => (object?)DateTime.SpecifyKind(value, DateTimeKind.Unspecified)),
        Gen.Select(Gen.Int[1, 9000], Gen.Int[-14 * 60, 14 * 60]).Select(pair => (object?)new DateTimeOffset(pair.Item1, 5, 6, 7, 8, 9, 123, TimeSpan.FromMinutes(pair.Item2))),
        Gen.String.Where(text => !text.Any(char.IsSurrogate)).Select(value => (object?)value));

    private static readonly Gen<object?> Value = Gen.Recursive<object?>((depth, value) => depth > 3
        ? Scalar
        : Gen.OneOf(
            Scalar,
            value.Array[0, 3].Select(items => (object?)items.ToList()),
            Gen.Select(Key, value).Array[0, 3].Select(entries => (object?)new PropertyMap(entries.Select(entry => new KeyValuePair<string, object?>(entry.Item1, entry.Item2))))));

    [Fact]
    public void Every_type_survives() => Gen.Select(Key, Value).Array[0, 5].Sample(
        entries =>
        {
            var properties = new PropertyMap(entries.Select(entry => new KeyValuePair<string, object?>(entry.Item1, entry.Item2)));
            var encoded = PropertyCodec.Encode(properties);
            Checksum.Require(encoded);
            var decoded = PropertyCodec.Decode(encoded);

            Assert.Equal(properties.Keys, decoded.Keys);
            Assert.True(PropertyValue.Same(properties, decoded));
            foreach (var (key, value) in properties)
            {
                Assert.True(PropertyCodec.TryFind(encoded, Encoding.UTF8.GetBytes(key), out var found));
                Assert.True(PropertyValue.Same(value, found));
            }

            Assert.False(PropertyCodec.TryFind(encoded, "none"u8, out _));
        },
        iter: 5_000);

    [Fact]
    public void Details_survive()
    {
        var data = Map(("page", 3L), ("note", "x"));
        var details = new DocumentDetails
        {
            Watched = ["stages", "stages/a"],
            DocumentReferences = [new DocumentReference("ref", "id", data)],
            FileReferences = [new FileReference("scan", "a.png", "uuid", PropertyMap.Empty)],
            Stages = [new StageSummary("a", 2, StageStatus.Blocked)],
            Problems = [new DocumentProblem("inbox/a/doc.md", 4, "broken", IsWarning: true)],
        };

        var decoded = DetailCodec.Decode(DetailCodec.Encode(details)!);

        Assert.Equal(details.Watched, decoded.Watched);
        Assert.Equal(("ref", "id"), (decoded.DocumentReferences[0].Key, decoded.DocumentReferences[0].Uuid));
        Assert.True(PropertyValue.Same(data, decoded.DocumentReferences[0].Data));
        Assert.Equal(("scan", "a.png", "uuid"), (decoded.FileReferences[0].Key, decoded.FileReferences[0].FileName, decoded.FileReferences[0].Uuid));
        Assert.Equal(details.Stages, decoded.Stages);
        Assert.Equal(details.Problems, decoded.Problems);
        Assert.Null(DetailCodec.Encode(DocumentDetails.None));
    }

    [Fact]
    public void Any_changed_or_missing_byte_is_damage()
    {
        var encoded = PropertyCodec.Encode(Map(("title", "a text of some length"), ("n", 1L), ("list", List(1.5, null, true))));
        for (var i = 0; i < encoded.Length; i++)
        {
            byte[] damaged = [.. encoded];
            damaged[i] ^= 0x10;
            Assert.Throws<InvalidDataException>(() => Checksum.Require(damaged));
            Assert.Throws<InvalidDataException>(() => Checksum.Require(encoded.AsSpan(0, i)));
        }
    }
}
