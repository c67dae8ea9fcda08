/* Klaro consent manager: left out, the demo pages run no script. */
