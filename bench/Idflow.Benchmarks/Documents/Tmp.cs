using System.Diagnostics;
using Idflow.Documents.Index;
using Idflow.Documents.Model;
namespace Idflow.Benchmarks.Documents;
internal sealed class Tmp : ISuite
{
    public string Name => "tmp";
    public string Summary => "";
    public Task<bool> RunAsync(SuiteOptions o, Report r)
    {
        var data = new DataFolder(o.Text("folder") + "/data");
        for (var k = 0; k < 3; k++) {
        T("list", () => { foreach (var s in Enum.GetValues<DocumentStatus>()) foreach (var n in data.List(s, n => n.ToString())) { } });
        var ids = Enum.GetValues<DocumentStatus>().SelectMany(s => data.List(s, n => n.ToString()).Select(n => (s, n))).ToList();
        T("stagetree", () => { foreach (var (s, n) in ids) StageTree.List(data.Folders.PathOf(s, n)); });
        T("fingerprint", () => { foreach (var (s, n) in ids) data.Fingerprint(s, n, [], 1L<<60); });
        T("bytes", () => { foreach (var (s, n) in ids) { using var b = FileBytes.Read(data.Folders.PathOf(s, n) + "/doc.md"); } });
        T("parse", () => { foreach (var (s, n) in ids) { using var b = FileBytes.Read(data.Folders.PathOf(s, n) + "/doc.md"); Idflow.Documents.Markdown.DocumentFile.Parse(b.Span, "x"); } });
        var reader = new FolderReader(data, TimeProvider.System);
        var all = new List<IndexedFolder>();
        T("read", () => { foreach (var (s, n) in ids) all.Add(reader.Read(s, n)!); });
        var path = "/tmp/qtmp.db"; foreach (var x in new[] {"","-wal","-shm"}) File.Delete(path + x);
        using var db = IndexDatabase.Open(path);
        T("write", () => { using var w = db.TryBeginWrite(TimeSpan.FromSeconds(1))!; foreach (var f in all) w.Put(f); T2("commit", w.Commit); });
        foreach (var x in new[] {"","-wal","-shm"}) File.Delete(path + x);
        using var db2 = IndexDatabase.Open(path);
        T("write no texts", () => { using var w = db2.TryBeginWrite(TimeSpan.FromSeconds(1))!; foreach (var f in all) w.Put(f with { Texts = [] }); w.Commit(); });
        T("load", () => { foreach (var d in db.Load()) { } });
        }
        return Task.FromResult(true);
        void T2(string n, Action a) => T(n, a);
        void T(string n, Action a) { var c = Environment.CpuUsage.TotalTime; var w = Stopwatch.StartNew(); a(); r.Note($"{n,-20} {w.ElapsedMilliseconds} ms, cpu {(Environment.CpuUsage.TotalTime - c).TotalMilliseconds:0}"); }
    }
}
