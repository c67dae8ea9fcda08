/* left out: the demo pages run no script */
