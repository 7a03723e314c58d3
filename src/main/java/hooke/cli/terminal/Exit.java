package hooke.cli.terminal;

/** What the end of a command says to the shell. */
public enum Exit {
    DONE(0),
    /** The work failed. */
    FAILED(1),
    /** What the user gave is wrong. */
    WRONG_INPUT(2);

    private final int status;

    Exit(int status) {
        this.status = status;
    }

    public int status() {
        return status;
    }
}
