/** Shell: what this machine's executors did, on disk before they do it. */
package io.mooring.executor.journal;
