foo();
require("x"); setTimeout(()=>{},1)
