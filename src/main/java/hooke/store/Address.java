package hooke.store;

import hooke.Check;
import hooke.InputException;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A run as people name it: {@code name/seed@step}, found in a store.
 *
 * @param step of a checkpoint that is there; empty where none was named
 */
public record Address(Run run, OptionalLong step) {
    private static final Pattern FORM = Pattern.compile("([^/@\\s]+)(?:/(\\d{1,18}))?(?:@(\\d{1,18}))?");
    private static final int SHOWN = 10;

    static Address find(String text, Store store) {
        Matcher form = FORM.matcher(text);
        Check.that(form.matches(), "'%s' does not name a run: write name, name/seed or name/seed@step", text);
        String name = form.group(1);
        List<Run> cell = store.runs(name);
        if (cell.isEmpty()) {
            var names = store.runs().stream().map(Run::name).collect(Collectors.toCollection(TreeSet::new));
            throw new InputException(
                    names.isEmpty()
                            ? "there is no run '%s': nothing has been trained in %s yet".formatted(name, store.folder())
                            : "there is no run '%s' in %s%s"
                                    .formatted(name, store.folder(), Check.didYouMean(name, names)));
        }
        Run run = form.group(2) == null ? smallestSeed(cell) : withSeed(cell, name, Long.parseLong(form.group(2)));
        if (form.group(3) == null) {
            return new Address(run, OptionalLong.empty());
        }
        long step = Long.parseLong(form.group(3));
        return new Address(run, OptionalLong.of(store.read(run).checkpoint(step).step()));
    }

    private static Run smallestSeed(List<Run> cell) {
        return cell.stream().min(Comparator.comparingLong(Run::seed)).orElseThrow();
    }

    private static Run withSeed(List<Run> cell, String name, long seed) {
        return cell.stream().filter(r -> r.seed() == seed).findFirst().orElseThrow(() -> {
            String seeds = cell.stream()
                    .map(Run::seed)
                    .sorted()
                    .limit(SHOWN)
                    .map(String::valueOf)
                    .collect(Collectors.joining(", "));
            return new InputException("there is no run %s/%s: the seeds of %s are %s%s"
                    .formatted(name, seed, name, seeds, cell.size() > SHOWN ? ", ..." : ""));
        });
    }
}
