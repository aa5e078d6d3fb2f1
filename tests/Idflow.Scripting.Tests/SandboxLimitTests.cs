using System.Text.Json.Nodes;

namespace Idflow.Scripting.Tests;

/// <summary>Scripts without an end. A failure here may end the test process: that is what the limits are for.</summary>
public sealed class SandboxLimitTests
{
    private static readonly Dictionary<string, JsonNode?> Nothing = new() { ["$"] = new JsonObject() };

    private static ScriptException Fail(string script, ScriptOptions? options = null)
    {
        var sandbox = new JavaScriptSandbox(options ?? new() { Timeout = TimeSpan.FromMilliseconds(500), MemoryBytes = 32 << 20 });
        ScriptException? failure = null;

        // A small stack, as a thread of the pool has.
        var thread = new Thread(() => failure = Assert.Throws<ScriptException>(() => sandbox.Evaluate(script, Nothing)), 1 << 20);
        thread.Start();
        thread.Join();
        return failure!;
    }

    [Theory]
    [InlineData("while (true);")]
    [InlineData("for (;;) { }")]
    [InlineData("try { while (true) { } } finally { while (true) { } }")]
    [InlineData("while (true) try { while (true) { } } catch (e) { }")]
    [InlineData("[3, 2, 1].sort(() => { while (true); })")]
    [InlineData("({ get a() { while (true); } })")]
    [InlineData("/(a+)+$/.test('a'.repeat(40) + 'b')")]
    [InlineData("Object.defineProperty({}, 'x', { enumerable: true, get: () => { for (;;); } })")]
    [InlineData("function f() { Promise.resolve().then(f); } f(); 5")]
    public void An_endless_loop_times_out(string script)
    {
        var failure = Fail(script);
        Assert.Equal((ScriptFailure.Timeout, "Script not evaluated within 0.5 seconds, interrupted."), (failure.Failure, failure.Message));
    }

    [Fact]
    public void The_default_limit_is_four_seconds() => Assert.Equal(TimeSpan.FromSeconds(4), new ScriptOptions().Timeout);

    [Fact]
    public void Statements_are_counted()
    {
        var failure = Fail("while (true);", new() { MaxStatements = 1000 });
        Assert.Contains("1000 statements", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("let s = 'x'; for (;;) s += s;")]
    [InlineData("let a = []; for (;;) a.push(new Array(1000).fill(1));")]
    [InlineData("let a = [1]; for (;;) a = a.concat(a);")]
    [InlineData("Array.from({ length: 2 ** 32 - 1 })")]
    [InlineData("new Array(2 ** 31).fill(0)")]
    public void Endless_memory_is_refused(string script)
    {
        var failure = Fail(script, new() { MemoryBytes = 16 << 20, Timeout = TimeSpan.FromMinutes(1) });
        Assert.Equal(ScriptFailure.Memory, failure.Failure);
        Assert.Contains("16 MiB", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Garbage_is_not_held_against_a_script()
    {
        var sandbox = new JavaScriptSandbox(new() { MemoryBytes = 4 << 20, Timeout = TimeSpan.FromMinutes(1) });
        Assert.Equal(100000, (int)sandbox.Evaluate("let n = 0; for (let i = 0; i < 100000; i++) { n += [i, { i }, 'x' + i].length / 3; } n", Nothing)!);
    }

    [Theory]
    [InlineData("(function f() { return f(); })()")]
    [InlineData("let f = x => f(x); f(1)")]
    [InlineData("let o = { get a() { return this.a; } }; o.a")]
    [InlineData("let o = { toJSON() { return { x: o }; } }; JSON.stringify(o)")]
    [InlineData("let f = () => [1].map(f); f()")]
    [InlineData("let o = { toString() { return '' + o; } }; '' + o")]
    [InlineData("let o = { [Symbol.toPrimitive]() { return +o; } }; +o")]
    [InlineData("function t() { return t``; } t``")]
    [InlineData("class A { constructor() { new A(); } } new A()")]
    [InlineData("let f = () => eval('f()'); f()")]
    [InlineData("let a = []; for (let i = 0; i < 100000; i++) a = [a]; '' + a")]
    [InlineData("let a = []; for (let i = 0; i < 100000; i++) a = [a]; a.toLocaleString()")]
    [InlineData("let a = []; for (let i = 0; i < 100000; i++) a = [a]; JSON.stringify(a)")]
    [InlineData("let a = {}; for (let i = 0; i < 100000; i++) a = { a }; JSON.stringify(a, ['a'])")]
    public void Endless_recursion_is_refused(string script) =>
        Assert.Equal(ScriptFailure.Recursion, Fail(script, new() { Timeout = TimeSpan.FromMinutes(1) }).Failure);

    [Theory]
    [InlineData("new Proxy({}, {})")]
    [InlineData("eval('['.repeat(20000) + '1' + ']'.repeat(20000))")]
    [InlineData("JSON.parse('['.repeat(100000) + ']'.repeat(100000))")]
    [InlineData("let a = {}; for (let i = 0; i < 100000; i++) a = { a }; a")]
    [InlineData("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)")]
    [InlineData("'x'.repeat(2 ** 30)")]
    [InlineData("new ArrayBuffer(2 ** 33)")]
    [InlineData("2n ** (2n ** 40n)")]
    public void Excess_in_one_step_is_refused(string script) => Assert.NotEmpty(Fail(script, new() { Timeout = TimeSpan.FromMinutes(1) }).Message);

    [Fact]
    public void A_deep_script_is_refused_and_not_fatal()
    {
        var failure = Fail(new string('(', 100_000) + "1" + new string(')', 100_000));
        Assert.Equal(ScriptFailure.Syntax, failure.Failure);
    }

    [Theory]
    [InlineData("JSON.stringify({ b: 1, a: { c: undefined, d: [undefined, () => 1, 2n === 2n] } })", """{"b":1,"a":{"d":[null,null,true]}}""")]
    [InlineData("JSON.stringify({ b: 1, a: { b: 2, c: 3 }, c: [{ b: 4, z: 5 }] }, ['a', 'b'])", """{"b":1,"a":{"b":2}}""")]
    [InlineData("JSON.stringify({ b: 1, a: 2 }, (k, v) => k === 'a' ? undefined : v)", """{"b":1}""")]
    [InlineData("JSON.stringify([new Date(0), { toJSON() { return 'j'; } }])", """["1970-01-01T00:00:00.000Z","j"]""")]
    [InlineData("JSON.stringify({ a: [1] }, null, 1)", "{\n \"a\": [\n  1\n ]\n}")]
    [InlineData("[1, [2, [3, [4]]]].flat(Infinity).join()", "1,2,3,4")]
    [InlineData("JSON.stringify([[1, [2]], 3].flat())", "[1,[2],3]")]
    [InlineData("[1, [2, null, undefined], 'x'].join('-')", "1-2,,-x")]
    public void Guarded_functions_behave_as_ever(string script, string expected) =>
        Assert.Equal(expected, (string?)new JavaScriptSandbox().Evaluate(script, Nothing));
}
