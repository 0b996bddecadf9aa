/** Pure: the life of the one task, from LAUNCH to the acknowledged terminal update. */
package io.mooring.executor.run;
