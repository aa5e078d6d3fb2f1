using System.Numerics;
using System.Text;
using System.Text.Json;
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
            foreach (var decoded in (PropertyMap[])[PropertyCodec.Decode(encoded), PropertyCodec.DecodeLater(encoded)])
            {
                Assert.Equal(properties.Keys, decoded.Keys);
                Assert.True(PropertyValue.Same(properties, decoded));
            }
        },
        iter: 5_000);

    [Fact]
    public void Only_the_keys_asked_for_are_decoded()
    {
        var encoded = PropertyCodec.Encode(Map(("a", Map(("b", 1L))), ("b", List(1L, 2L)), ("c", "x")));

        Assert.Equal(["b", "c"], PropertyCodec.DecodeOnly(encoded, [Encoding.UTF8.GetBytes("c"), Encoding.UTF8.GetBytes("b")], out var isSound).Keys);
        Assert.True(isSound);
        Assert.Empty(PropertyCodec.DecodeOnly(encoded, [], out isSound));
        Assert.False(isSound);
    }

    [Theory]
    [InlineData("{\"a\":1")]
    [InlineData("{\"a\":{\"$date\":\"2026-13-01\"}}")]
    [InlineData("{\"a\":{\"$time\":\"yesterday\"}}")]
    [InlineData("{\"a\":[{\"$new\":1}]}")]
    public void Damage_shows_at_once_and_not_when_the_map_is_looked_at(string encoded)
    {
        var thrown = Record.Exception(() => PropertyCodec.DecodeLater(Encoding.UTF8.GetBytes(encoded)));
        Assert.True(thrown is JsonException or FormatException, $"{thrown}");
    }

    [Theory]
    [InlineData("{\"a\":{\"$date\":\"2026-13-01\"},\"b\":1}", false)]
    [InlineData("{\"a\":[{\"$new\":1}],\"b\":1}", false)]
    [InlineData("{\"a\":{\"$date\":\"2026-12-01\"},\"b\":1}", true)]
    public void What_was_skipped_counts_as_sound_only_without_doubtful_tags(string encoded, bool expected)
    {
        Assert.Equal(["b"], PropertyCodec.DecodeOnly(Encoding.UTF8.GetBytes(encoded), ["b"u8.ToArray()], out var isSound).Keys);
        Assert.Equal(expected, isSound);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_damage() =>
        Assert.Throws<JsonException>(() => PropertyCodec.DecodeLater([.. "{\"a\":\""u8, 0xff, .. "\"}"u8]));
}
