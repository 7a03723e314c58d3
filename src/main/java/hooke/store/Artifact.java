package hooke.store;

import hooke.Check;

/** A file of tensors that belongs to a run as a whole, as the event of that kind remembers it. */
public record Artifact(String name, long bytes, String sha256) {
    public Artifact {
        Check.that(name.matches("[a-z]{1,40}"), "names of kept tensors are lower-case letters");
    }
}
