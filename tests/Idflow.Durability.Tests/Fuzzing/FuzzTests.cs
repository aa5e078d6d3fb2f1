namespace Idflow.Durability.Tests.Fuzzing;

public sealed class FuzzTests
{
    private const int Texts = 2_000;
    private const int Requests = 600;

    public static TheoryData<string> Parsers => [.. ParserFuzz.All.Keys];

    [Theory]
    [MemberData(nameof(Parsers))]
    public void A_parser_answers_or_says_no(string parser) => Assert.Empty(FuzzProgram.Parse(parser, seed: 1, Texts));

    [Fact]
    public async Task A_server_answers_or_says_no_and_goes_on() => Assert.Empty(await FuzzProgram.RequestAsync(seed: 1, Requests));
}
