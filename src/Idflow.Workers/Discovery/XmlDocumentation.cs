using System.Collections.Concurrent;
using System.Reflection;
using System.Xml;
using System.Xml.Linq;

namespace Idflow.Workers.Discovery;

/// <summary>
/// Doc comments from the XML file that the compiler writes beside an assembly. Without that file, or where it is broken,
/// there are no descriptions.
/// </summary>
internal sealed class XmlDocumentation
{
    private static readonly ConcurrentDictionary<string, XmlDocumentation> Cache = new();
    private static readonly XmlDocumentation Empty = new([]);
    private readonly Dictionary<string, XElement> _members;

    private XmlDocumentation(Dictionary<string, XElement> members) => _members = members;

    public static XmlDocumentation Of(Assembly assembly)
    {
        var path = assembly.IsDynamic || assembly.Location.Length == 0 ? null : Path.ChangeExtension(assembly.Location, ".xml");
        return path is null || !File.Exists(path) ? Empty : Cache.GetOrAdd(path, Load);
    }

    /// <summary>The summary as one line of plain text; null when there is none.</summary>
    public string? Summary(MethodInfo method) => Text(Member(method)?.Element("summary"));

    /// <summary>The text of each documented parameter, by the parameter's name.</summary>
    public IReadOnlyDictionary<string, string> Parameters(MethodInfo method)
    {
        var texts = new Dictionary<string, string>();
        foreach (var element in Member(method)?.Elements("param") ?? [])
        {
            if (element.Attribute("name")?.Value is { } name && Text(element) is { } text)
            {
                texts[name] = text;
            }
        }

        return texts;
    }

    private static XmlDocumentation Load(string path)
    {
        try
        {
            var members = XDocument.Load(path).Descendants("member").Where(m => m.Attribute("name") is not null);
            return new XmlDocumentation(members.GroupBy(m => m.Attribute("name")!.Value).ToDictionary(g => g.Key, g => g.First()));
        }
        catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException)
        {
            return Empty;
        }
    }

    private XElement? Member(MethodInfo method)
    {
        // The id lists the parameter types; for the one marked method of that name its beginning is enough.
        var id = $"M:{TaskMethods.NameOf(method)}";
        return _members.GetValueOrDefault(id) ?? _members.FirstOrDefault(m => m.Key.StartsWith(id + "(", StringComparison.Ordinal)).Value;
    }

    private static string? Text(XElement? element)
    {
        if (element is null)
        {
            return null;
        }

        var text = string.Concat(element.DescendantNodes().Select(node => node switch
        {
            XText t => t.Value,
            XElement { IsEmpty: true } e => (e.Attribute("cref") ?? e.Attribute("name") ?? e.Attribute("langword"))?.Value.Split('(')[0].Split('.', ':')[^1],
            _ => "",
        }));
        text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length == 0 ? null : text;
    }
}
