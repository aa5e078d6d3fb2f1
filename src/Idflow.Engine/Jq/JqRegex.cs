using System.Buffers;
using System.Text.RegularExpressions;
using Idflow.Engine.Expressions;

namespace Idflow.Engine.Jq;

using Table = Dictionary<(string Name, int Arity), JqBuiltin>;

/// <summary>Functions with regular expressions. The syntax is .NET's, which shares with Oniguruma what programs commonly use.</summary>
internal static class JqRegex
{
    private static readonly SearchValues<char> Flags = SearchValues.Create("gimnpslx");

    private static readonly BoundedCache<Regex> Patterns = new(Compile);

    public static void Add(Table table)
    {
        table[("test", 1)] = JqBuiltin.Value(1, (_, input, values) => Test(input, values[0], JqValue.Null));
        table[("test", 2)] = JqBuiltin.Value(2, (_, input, values) => Test(input, values[0], values[1]));
        table[("match", 1)] = JqBuiltin.Values(1, (_, input, values, emit) => Each(input, values[0], JqValue.Null, false, match => emit(input.Computed(Describe(match)))));
        table[("match", 2)] = JqBuiltin.Values(2, (_, input, values, emit) => Each(input, values[0], values[1], false, match => emit(input.Computed(Describe(match)))));
        table[("capture", 1)] = JqBuiltin.Values(1, (_, input, values, emit) => Each(input, values[0], JqValue.Null, false, match => emit(input.Computed(Captures(match)))));
        table[("capture", 2)] = JqBuiltin.Values(2, (_, input, values, emit) => Each(input, values[0], values[1], false, match => emit(input.Computed(Captures(match)))));
        table[("scan", 1)] = JqBuiltin.Values(1, (_, input, values, emit) => Each(input, values[0], JqValue.Null, true, match => emit(input.Computed(Scanned(match)))));
        table[("scan", 2)] = JqBuiltin.Values(2, (_, input, values, emit) => Each(input, values[0], values[1], true, match => emit(input.Computed(Scanned(match)))));
        table[("split", 2)] = JqBuiltin.Value(2, (_, input, values) => JqValue.Of(Split(input, values[0], values[1])));
        table[("splits", 1)] = JqBuiltin.Values(1, (_, input, values, emit) => Split(input.Value, values[0], JqValue.Null).TrueForAll(part => emit(input.Computed(part))));
        table[("splits", 2)] = JqBuiltin.Values(2, (_, input, values, emit) => Split(input.Value, values[0], values[1]).TrueForAll(part => emit(input.Computed(part))));
        table.Closure("sub", 2, (machine, input, arguments, emit) => Replace(machine, input, arguments, null, false, emit));
        table.Closure("sub", 3, (machine, input, arguments, emit) => Replace(machine, input, arguments, arguments[2], false, emit));
        table.Closure("gsub", 2, (machine, input, arguments, emit) => Replace(machine, input, arguments, null, true, emit));
        table.Closure("gsub", 3, (machine, input, arguments, emit) => Replace(machine, input, arguments, arguments[2], true, emit));
    }

    /// <summary>The key is the flags, a blank, and the pattern.</summary>
    private static Regex Compile(string key)
    {
        var cut = key.IndexOf(' ', StringComparison.Ordinal);
        var options = RegexOptions.CultureInvariant;
        foreach (var flag in key[..cut])
        {
            options |= flag switch { 'i' => RegexOptions.IgnoreCase, 'x' => RegexOptions.IgnorePatternWhitespace, 'p' => RegexOptions.Singleline, _ => RegexOptions.None };
        }

        return new(key[(cut + 1)..], options, JqLimits.DefaultTimeout);
    }

    private static List<Match> Matches(JqValue input, JqValue pattern, JqValue flags, bool global)
    {
        if (pattern is JqArray { Items: [var first, ..] list })
        {
            (pattern, flags) = (first, list.ElementAtOrDefault(1) ?? flags);
        }

        var text = JqStrings.Text(input, "cannot be matched, as it is not a string");
        var expression = JqStrings.Text(pattern, "cannot be matched, as it is not a string");
        var options = flags is JqNull ? "" : JqStrings.Text(flags, "is not a string of flags");
        if (options.AsSpan().ContainsAnyExcept(Flags))
        {
            throw new JqError($"{options} is not a valid modifier string");
        }

        try
        {
            var regex = Patterns.Get($"{options} {expression}");
            IEnumerable<Match> found = global || options.Contains('g', StringComparison.Ordinal) ? regex.Matches(text) : regex.Match(text) is { Success: true } match ? [match] : [];
            return [.. options.Contains('n', StringComparison.Ordinal) ? found.Where(match => match.Length > 0) : found];
        }
        catch (ArgumentException error)
        {
            throw new JqError($"{expression} (at offset 0) is not a valid regex: {error.Message}");
        }
        catch (RegexMatchTimeoutException)
        {
            throw new JqLimitException($"The regular expression {expression} took longer than {JqLimits.DefaultTimeout.TotalSeconds:0} seconds.");
        }
    }

    private static JqValue Test(JqValue input, JqValue pattern, JqValue flags) => JqValue.Of(Matches(input, pattern, flags, false).Count > 0);

    private static bool Each(JqItem input, JqValue pattern, JqValue flags, bool global, Func<Match, bool> then) => Matches(input.Value, pattern, flags, global).TrueForAll(match => then(match));

    private static IEnumerable<Group> Groups(Match match) => match.Groups.Values.Skip(1);

    private static bool IsNamed(Group group) => !char.IsAsciiDigit(group.Name[0]);

    private static JqObject Describe(Match match)
    {
        var described = Place(match, match);
        described["captures"] = JqValue.Of([.. Groups(match).Select(group =>
        {
            var capture = Place(match, group);
            capture["name"] = IsNamed(group) ? JqValue.Of(group.Name) : JqValue.Null;
            return new JqObject(capture);
        })]);
        return new(described);
    }

    private static Dictionary<string, JqValue> Place(Match match, Group group) => new(StringComparer.Ordinal)
    {
        ["offset"] = JqValue.Of(group.Success ? Offset(match, group.Index) : -1),
        ["length"] = JqValue.Of((double)new JqString(group.Value).Length),
        ["string"] = group.Success ? JqValue.Of(group.Value) : JqValue.Null,
    };

    /// <summary>In code points.</summary>
    private static double Offset(Match match, int index) => new JqString(match.Result("$`") + match.Value).Value[..index].EnumerateRunes().Count();

    private static JqObject Captures(Match match) => new(Groups(match).Where(IsNamed)
        .ToDictionary(group => group.Name, group => group.Success ? JqValue.Of(group.Value) : JqValue.Null, StringComparer.Ordinal));

    private static JqValue Scanned(Match match) => match.Groups.Count == 1
        ? JqValue.Of(match.Value)
        : JqValue.Of([.. Groups(match).Select(group => group.Success ? JqValue.Of(group.Value) : JqValue.Null)]);

    private static List<JqValue> Split(JqValue input, JqValue pattern, JqValue flags)
    {
        var matches = Matches(input, pattern, flags, global: true);
        var text = ((JqString)input).Value;
        List<JqValue> parts = [];
        var at = 0;
        foreach (var match in matches)
        {
            parts.Add(JqValue.Of(text[at..match.Index]));
            at = match.Index + match.Length;
        }

        parts.Add(JqValue.Of(text[at..]));
        return parts;
    }

    /// <summary>The replacement sees the named captures; several outputs give several results.</summary>
    private static bool Replace(JqMachine machine, JqItem input, JqClosure[] arguments, JqClosure? flags, bool global, JqEmit emit) =>
        arguments[0].Run(machine, input.Plain, pattern =>
        {
            bool Apply(JqValue options)
            {
                var matches = Matches(input.Value, pattern.Value, options, global);
                return Build(((JqString)input.Value).Value, matches, 0, 0, "");
            }

            bool Build(string text, List<Match> matches, int index, int at, string done)
            {
                machine.Limits.Step();
                JqLimits.CheckLength(done.Length);
                if (index == matches.Count)
                {
                    return emit(input.Computed(JqValue.Of(done + text[at..])));
                }

                var match = matches[index];
                return arguments[1].Run(machine, new(Captures(match), null), item => Build(text, matches, index + 1, match.Index + match.Length,
                    done + text[at..match.Index] + JqStrings.Text(item.Value, "cannot be added to a string")));
            }

            return flags is { } given ? given.Run(machine, input.Plain, item => Apply(item.Value)) : Apply(JqValue.Null);
        });
}
