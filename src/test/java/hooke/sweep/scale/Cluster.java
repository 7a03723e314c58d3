package hooke.sweep.scale;

/** A sweep, the machines that train it, the place that they share and the driver. In seconds and bytes. */
record Cluster(Work work, Machines machines, Network network, Driver driver) {
    /**
     * @param training of a run, without its start and without what is lost
     * @param every so much training a run sends a checkpoint
     * @param checkpoint of a run, weights and optimizer
     * @param archive of a finished run
     */
    record Work(int runs, double training, double every, double checkpoint, double archive) {}

    /**
     * @param slots runs that one trains at once
     * @param start of a worker process, for each slot, and again after a failure
     * @param lifetime until a machine fails, on average
     * @param replaced until another takes its place
     */
    record Machines(int count, int slots, double start, double lifetime, double replaced) {}

    /**
     * @param total a second that the place takes
     * @param each of them at most, for one upload
     */
    record Network(double total, double each) {}

    /**
     * What it works for each run.
     *
     * @param order to hand it out
     * @param tell to hear once how far it is
     * @param tells between two such messages
     * @param arrival to check it when it is finished, and to store it
     */
    record Driver(double order, double tell, double tells, double arrival) {}

    int slots() {
        return machines.count() * machines.slots();
    }

    /** No schedule is faster: a run takes its time, the slots train all of them, the driver takes in each. */
    double bound() {
        double alone = machines.start() + work.training();
        double together = machines.start() + work.runs() * work.training() / slots();
        return Math.max(Math.max(alone, together), work.runs() * (driver.order() + driver.arrival()));
    }
}
