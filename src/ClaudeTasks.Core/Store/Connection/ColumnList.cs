using System.Globalization;

namespace ClaudeTasks.Store;

/// <summary>
/// The columns of a query. Each is declared once, by its name and its type. The place of its declaration is its position in the rows, so
/// reading a value looks no name up.
/// </summary>
/// <param name="table">What names the table in the query.</param>
internal sealed class ColumnList(string table)
{
    private readonly List<string> _selected = [];

    /// <summary>The list of the columns for a <c>SELECT</c>.</summary>
    public string Sql => string.Join(", ", _selected);

    public Column<T> Add<T>(string name, Func<Row, int, T> read) => Add(name, $"{table}.{name}", read);

    public Column<int> Int32(string name) => Add(name, (row, i) => row.GetInt32(i));

    public Column<int?> Int32OrNull(string name) => Add(name, (row, i) => row.Int(i));

    public Column<long> Int64(string name) => Add(name, (row, i) => row.GetInt64(i));

    public Column<long?> Int64OrNull(string name) => Add(name, (row, i) => row.Long(i));

    public Column<bool> Flag(string name) => Add(name, (row, i) => row.GetBoolean(i));

    public Column<string> Text(string name) => Add(name, (row, i) => row.GetString(i));

    public Column<string?> TextOrNull(string name) => Add(name, (row, i) => row.Text(i));

    public Column<DateTime> Time(string name) => Add(name, (row, i) => SqlExtensions.FromStoreTime(row.GetInt64(i)));

    public Column<DateTime?> TimeOrNull(string name) => Add(name, (row, i) => row.Time(i));

    public Column<Guid> Guid(string name) => Add(name, (row, i) => System.Guid.Parse(row.GetString(i)));

    public Column<Guid?> GuidOrNull(string name) => Add(name, (row, i) => row.Text(i) is { } text ? System.Guid.Parse(text) : (Guid?)null);

    /// <summary>A cost, which is stored as the decimal text of the report.</summary>
    public Column<decimal?> CostOrNull(string name) =>
        Add(name, (row, i) => row.Text(i) is { } text ? decimal.Parse(text, CultureInfo.InvariantCulture) : (decimal?)null);

    /// <summary>A column that the query computes.</summary>
    public Column<T> Computed<T>(string name, string expression, Func<Row, int, T> read) => Add(name, $"{expression} AS {name}", read);

    private Column<T> Add<T>(string name, string selected, Func<Row, int, T> read)
    {
        _selected.Add(selected);
        return new Column<T>(name, _selected.Count - 1, read);
    }
}
