/**
 * The database file of a store: one connection, its transactions, and the forms of what stands in columns.
 *
 * <pre>{@code
 * try (Database database = Database.open(Path.of("runs/hooke.db"))) {
 *     List<String> names = database.query("SELECT name FROM run WHERE seed = ?", row -> row.text(1), 0);
 * }
 * }</pre>
 *
 * Whatever is damaged becomes a sentence that names file, table and row. Only {@code store} uses this chamber.
 */
@org.jspecify.annotations.NullMarked
package hooke.store.sqlite;
