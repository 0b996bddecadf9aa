package io.mooring.cli.command;

import io.mooring.executor.app.DvdcliMain;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** {@code mooring dvdcli}: the command line and the exit codes of dvdcli, which are its own. */
@Command(name = "dvdcli", description = "Mount, unmount and look at volumes by their plugin, as dvdcli does.")
public final class DvdcliCommand implements Callable<Integer> {
    @Unmatched
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() {
        return DvdcliMain.run(List.copyOf(arguments), System.out, System.err);
    }
}
