/* minified */!function(){"use strict"}();
