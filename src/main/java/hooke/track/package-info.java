/**
 * Runs as other programs follow them: a log of JSON lines, written while a run trains or from what is stored.
 *
 * <pre>{@code
 * try (LogFile log = LogFile.append(Path.of("train.jsonl"), warning -> {})) {
 *     RunLog.write(reader, log, OffsetDateTime.now());
 * }
 * }</pre>
 *
 * The store is the record; a log that can no longer be written holds up no training. This room uses {@code config}, {@code store} and
 * {@code train}.
 */
@org.jspecify.annotations.NullMarked
package hooke.track;
