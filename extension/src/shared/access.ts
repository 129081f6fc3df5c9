/** The one address that the extension may reach; also what a person is asked to allow again. */
export const DAEMON_ORIGINS = ["http://127.0.0.1/*"];
