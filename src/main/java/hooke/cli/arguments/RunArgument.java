package hooke.cli.arguments;

import hooke.store.Address;
import hooke.store.Store;
import picocli.CommandLine.Parameters;

/** The run that a command is about, at one of its checkpoints. */
public final class RunArgument {
    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description = "name, name/seed or name/seed@step; the last checkpoint if no step is given.")
    private String address = "";

    public String address() {
        return address;
    }

    public Address find(Store store) {
        return store.find(address);
    }
}
