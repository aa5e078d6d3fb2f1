using System.Diagnostics;

namespace Idflow.Scripting.Tests;

/// <summary>Scripts that would overflow the stack and so end their process. They run in a process of their own, which must live to tell.</summary>
public sealed class HostileScriptTests
{
    /// <summary>Chains of one function of the interpreter calling the next, and recursion through iterators and generators.</summary>
    private static readonly string[] Endless =
    [
        "let p = {}; for (let i = 0; i < 4; i++) p = new Proxy(p, {}); p.x",
        "let f = () => 1; for (let i = 0; i < 300000; i++) f = f.bind(null); f()",
        "function* g() { yield* it } let it; it = { [Symbol.iterator]() { return g() } }; [...g()]",
        "let it = [1]; for (let i = 0; i < 100000; i++) { const q = it; it = (function* () { yield* q })() } it.next()",
        "async function* g() { yield* g() } (async () => { for await (const x of g()); })(); 1",
        "let o = { [Symbol.iterator]() { return this }, next() { return { done: false, value: [...o] } } }; [...o]",
        "let it = [1].values(); for (let i = 0; i < 100000; i++) it = it.drop(0); it.next()",
        "let o = { toString: ''.trim }; '' + o",
        "let o = {}; o['to' + 'String'] = ''['tr' + 'im']; '' + o",
        "let { trim } = ''; String({ toString: trim })",
        "let k = 'trim'; let { [k]: t } = ''; String({ toString: t })",
        "let o = {}; for (const k of ['trim']) o.toString = ''[k]; '' + o",
        "class A { static toString = ''.trim } '' + A",
        "let o = {}; for (let i = 0; i < 100000; i++) o = { length: o, valueOf: [].indexOf }; +o",
        "let o = {}; o.toString = String.bind(null, o); String(o)",
        "let o = {}; o.valueOf = Number.bind(null, o); +o",
        "let a = [Math.max]; for (let i = 0; i < 100000; i++) a = [Reflect.apply, null, a]; Reflect.apply(...a)",
        "let o = {}; Object.defineProperty(o, 'x', { get: Reflect.get.bind(null, o, 'x') }); o.x",
        "let g = Object.getOwnPropertyDescriptor(RegExp.prototype, 'flags').get; let o = {}; Object.defineProperty(o, 'global', { get: g }); g.call(o)",
        "let o = {}; o.toJSON = JSON.stringify.bind(null, o); JSON.stringify(o)",
        "let r = /a/; r.exec = RegExp.prototype.test; r.test('a')",
        "eval(\"String({ toString: ''.trim })\")",
        "[].map.constructor(\"return String({ toString: ''.trim })\")()",
        "let f = x => Object.groupBy([1], f); f()",
        "function f() { for (const x of [1]) f() } f()",
        "function f() { const [a] = [f()]; return [...a] } f()",
        "let a = []; for (let i = 0; i < 100000; i++) a = [a]; String(a)",
        "let C = class { }; for (let i = 0; i < 20000; i++) { const B = C; C = class extends B { } } new C()",
    ];

    /// <summary>Scripts that run with guards all the same, and their values.</summary>
    private static readonly (string Script, string Value)[] Sound =
    [
        ("[1, 2, 3].map(x => x * 2).join()", "2,4,6"),
        ("function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2) } `${fib(10)}`", "55"),
        ("const g = (function* () { yield 1; yield 2 })(); [...g].join()", "1,2"),
        ("(function (doc) { return eval('doc.a') })({ a: 'seen' })", "seen"),
        ("typeof Proxy", "function"),
        ("Object.getPrototypeOf([]).slice.call('abc', 1).join()", "b,c"),
        ("const add = ((a, b) => a + b).bind(null, 1); `${add(2)}`", "3"),
        ("[...new Map([[1, 2]]).entries()].join()", "1,2"),
        ("new (class A { get x() { return 'x' } })().x", "x"),
        ("new Date(0).toISOString()", "1970-01-01T00:00:00.000Z"),
        ("[10, 9, 1].sort().reverse().map(String).join()", "9,10,1"),
        ("Reflect.ownKeys({ a: 1 }).concat(Array.from('bc')).join()", "a,b,c"),
        ("const { length } = 'abc'; `${length}${/b/.exec('abc').index}${[1, 2].includes(2)}`", "31true"),
    ];

    [Fact]
    public async Task No_script_ends_its_process()
    {
        var answers = await RunAsync([.. Endless, .. Sound.Select(sound => sound.Script)]);

        Assert.All(answers.Take(Endless.Length).Zip(Endless), pair => Assert.True(pair.First.StartsWith("refused", StringComparison.Ordinal), $"{pair.Second}: {pair.First}"));
        Assert.Equal(Sound.Select(sound => $"value \"{sound.Value}\""), answers.Skip(Endless.Length));
    }

    private static async Task<List<string>> RunAsync(IReadOnlyList<string> scripts)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Idflow.Scripting.TestProcess.dll"));
        using var child = Process.Start(start)!;
        var errors = child.StandardError.ReadToEndAsync();
        var answers = new List<string>();
        foreach (var script in scripts)
        {
            await child.StandardInput.WriteLineAsync(script);
            var answer = await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            Assert.True(answer is not null, $"The process ended at {script}");
            answers.Add(answer);
        }

        child.StandardInput.Close();
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (child.ExitCode, await errors));
        return answers;
    }
}
