/** Shell: what this machine's executors did, on disk before they do it (ownership.md 3.8). */
package io.mooring.executor.journal;
