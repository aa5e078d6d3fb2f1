namespace Idflow.Documents.FrontMatter;

/// <summary>How a text can be written so that it reads back as itself, in the style that the original would choose.</summary>
internal enum TextStyle
{
    Plain,
    SingleQuoted,
    DoubleQuoted,
}
