/** Where the executor begins, and the only place where its parts are put together. */
package io.mooring.executor.app;
