package io.mooring.executor.engine;

import io.mooring.common.command.ExecutorReport.PluginReport;
import java.util.List;

/** What the plugins of this agent say of themselves. Touches nothing; blocks. */
public interface SurveyPort {
    List<PluginReport> take();
}
