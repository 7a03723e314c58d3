package hooke.sweep.axes;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One way in which cells differ.
 *
 * @param key the path of a setting, or {@code cell} for named cells
 * @param choices at least one
 * @param when cells that it applies to; null: all
 */
public record SweepAxis(
        String key, List<Choice> choices, @Nullable Condition when) {}
