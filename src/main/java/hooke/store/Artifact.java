package hooke.store;

/** A file of tensors that belongs to a run as a whole, as the event of that kind remembers it. */
record Artifact(String name, long bytes, String sha256) {
    static final String EVENT = "artifact";
}
