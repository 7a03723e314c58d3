package hooke;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is wrong with something given, collected so that all of it is said together, a line each and each once. */
public final class Problems {
    private static final int MOST = 20;

    private final Set<String> sentences = new LinkedHashSet<>();

    /** Does it, or notes what it objects to. */
    public void attempt(Runnable work) {
        try {
            work.run();
        } catch (InputException e) {
            note(e);
        }
    }

    public void note(InputException problem) {
        String.valueOf(problem.getMessage()).lines().forEach(sentences::add);
    }

    public boolean isEmpty() {
        return sentences.isEmpty();
    }

    /** Those so far, in turn. */
    public Set<String> said() {
        return new LinkedHashSet<>(sentences);
    }

    /** Forgets all but these. */
    public void keep(Set<String> before) {
        sentences.retainAll(before);
    }

    /** Throws an {@link InputException} of all of them, if there are any. */
    public void check() {
        if (!sentences.isEmpty()) {
            List<String> first = sentences.stream().limit(MOST).toList();
            int left = sentences.size() - first.size();
            throw new InputException(
                    String.join("\n", first) + (left > 0 ? "\nand " + left + " more of this kind" : ""));
        }
    }
}
