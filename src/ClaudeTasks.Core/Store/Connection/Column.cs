namespace ClaudeTasks.Store;

/// <summary>One column of a query: its name, and how its value is read.</summary>
/// <param name="name">Its name in its table.</param>
/// <param name="position">Where it stands in the rows of the query.</param>
/// <param name="read">Reads the value at a position of a row.</param>
internal sealed class Column<T>(string name, int position, Func<Row, int, T> read)
{
    public string Name => name;

    /// <summary>Its value in a row of the query.</summary>
    public T Of(Row row) => read(row, position);
}
