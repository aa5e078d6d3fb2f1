using System.Numerics;
using System.Runtime.InteropServices;

namespace Idflow.Tasks.Embeddings;

/// <summary>Arithmetic on vectors of equal length.</summary>
internal static class Vectors
{
    public static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var wideLeft = MemoryMarshal.Cast<float, Vector<float>>(left);
        var wideRight = MemoryMarshal.Cast<float, Vector<float>>(right);
        var sum = Vector<float>.Zero;
        for (var index = 0; index < wideLeft.Length; index++)
        {
            sum += wideLeft[index] * wideRight[index];
        }

        var total = Vector.Sum(sum);
        for (var index = wideLeft.Length * Vector<float>.Count; index < left.Length; index++)
        {
            total += left[index] * right[index];
        }

        return total;
    }

    /// <summary>The cosine, for vectors that need not have length 1; 0 when one is zero.</summary>
    public static float Cosine(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var norm = MathF.Sqrt(Dot(left, left) * Dot(right, right));
        return norm > 0 ? Dot(left, right) / norm : 0;
    }

    /// <summary>The weighted mean, not normalised.</summary>
    public static float[] Mean(IReadOnlyList<float[]> vectors, IReadOnlyList<double>? weights = null)
    {
        var mean = new float[vectors[0].Length];
        var total = weights?.Sum() ?? vectors.Count;
        for (var index = 0; index < vectors.Count; index++)
        {
            var weight = (float)((weights?[index] ?? 1) / total);
            for (var dimension = 0; dimension < mean.Length; dimension++)
            {
                mean[dimension] += vectors[index][dimension] * weight;
            }
        }

        return mean;
    }
}
