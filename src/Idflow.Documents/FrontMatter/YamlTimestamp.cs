using System.Globalization;

namespace Idflow.Documents.FrontMatter;

/// <summary>
/// YAML 1.1 dates and timestamps: <c>2024-05-06</c> is a <see cref="DateOnly"/>, with a time and a zone it is a
/// <see cref="DateTimeOffset"/>, without a zone a <see cref="DateTime"/> of unspecified kind. Fractions keep microseconds.
/// </summary>
internal static class YamlTimestamp
{
    public static bool IsTimestamp(ReadOnlySpan<char> text)
    {
        var parts = default(Parts);
        return parts.Read(text);
    }

    /// <exception cref="FormatException">The form is right but there is no such day or time.</exception>
    public static object Parse(string text)
    {
        var parts = default(Parts);
        if (!parts.Read(text))
        {
            throw new FormatException($"'{text}' is not a date");
        }

        try
        {
            if (!parts.HasTime)
            {
                return new DateOnly(parts.Year, parts.Month, parts.Day);
            }

            var local = new DateTime(parts.Year, parts.Month, parts.Day, parts.Hour, parts.Minute, parts.Second, DateTimeKind.Unspecified)
                .AddTicks(parts.Microseconds * TimeSpan.TicksPerMicrosecond);
            if (!parts.HasZone)
            {
                return local;
            }

            // Offsets beyond what DateTimeOffset holds keep the instant.
            return Math.Abs(parts.OffsetMinutes) <= 14 * 60
                ? new DateTimeOffset(local, TimeSpan.FromMinutes(parts.OffsetMinutes))
                : new DateTimeOffset(local.AddMinutes(-parts.OffsetMinutes), TimeSpan.Zero);
        }
        catch (ArgumentException error)
        {
            throw new FormatException($"'{text}' looks like a date but there is no such day or time; put it in quotes if it is text", error);
        }
    }

    /// <summary>The form in which the original writes dates and times.</summary>
    public static string Format(DateTime value) => value.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + Fraction(value.Ticks);

    public static string Format(DateTimeOffset value) =>
        Format(value.DateTime) + (value.Offset < TimeSpan.Zero ? "-" : "+") + value.Offset.ToString("hh\\:mm", CultureInfo.InvariantCulture);

    private static string Fraction(long ticks)
    {
        var microseconds = ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond;
        return microseconds == 0 ? "" : "." + microseconds.ToString("D6", CultureInfo.InvariantCulture);
    }

    private ref struct Parts
    {
        public int Year, Month, Day, Hour, Minute, Second, Microseconds, OffsetMinutes;
        public bool HasTime, HasZone;
        private ReadOnlySpan<char> _rest;

        public bool Read(ReadOnlySpan<char> text)
        {
            _rest = text;
            if (!Number(4, 4, out Year) || !Skip('-') || !Number(1, 2, out Month, out var monthDigits) || !Skip('-') || !Number(1, 2, out Day, out var dayDigits))
            {
                return false;
            }

            if (_rest.IsEmpty)
            {
                return monthDigits == 2 && dayDigits == 2;
            }

            HasTime = true;
            if (!Skip('T') && !Skip('t') && !SkipBlanks())
            {
                return false;
            }

            if (!Number(1, 2, out Hour) || !Skip(':') || !Number(2, 2, out Minute) || !Skip(':') || !Number(2, 2, out Second))
            {
                return false;
            }

            ReadFraction();
            SkipBlanks();
            return _rest.IsEmpty ? text[^1] is not (' ' or '\t') : ReadZone();
        }

        private void ReadFraction()
        {
            if (!Skip('.'))
            {
                return;
            }

            var scale = 100_000;
            for (; !_rest.IsEmpty && char.IsAsciiDigit(_rest[0]); _rest = _rest[1..], scale /= 10)
            {
                Microseconds += (_rest[0] - '0') * scale;
            }
        }

        private bool ReadZone()
        {
            HasZone = true;
            if (Skip('Z'))
            {
                return _rest.IsEmpty;
            }

            var sign = Skip('-') ? -1 : 1;
            if (sign == 1 && !Skip('+'))
            {
                return false;
            }

            var minutes = 0;
            if (!Number(1, 2, out var hours) || (Skip(':') && !Number(2, 2, out minutes)) || !_rest.IsEmpty)
            {
                return false;
            }

            OffsetMinutes = sign * (hours * 60 + minutes);
            return true;
        }

        private bool Number(int least, int most, out int value) => Number(least, most, out value, out _);

        private bool Number(int least, int most, out int value, out int digits)
        {
            value = 0;
            for (digits = 0; digits < most && digits < _rest.Length && char.IsAsciiDigit(_rest[digits]); digits++)
            {
                value = value * 10 + (_rest[digits] - '0');
            }

            _rest = _rest[digits..];
            return digits >= least;
        }

        private bool Skip(char wanted)
        {
            if (_rest.IsEmpty || _rest[0] != wanted)
            {
                return false;
            }

            _rest = _rest[1..];
            return true;
        }

        private bool SkipBlanks()
        {
            var length = _rest.Length;
            _rest = _rest.TrimStart(" \t");
            return _rest.Length < length;
        }
    }
}
